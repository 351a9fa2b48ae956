package doctor

// Config judges the configuration: err is what reading it gave.
func Config(file, contact string, err error) Finding {
	if file == "" {
		file = "the defaults, no file is named"
	}
	switch {
	case err != nil:
		return fail("config", "mend the file; attache config check names each mistake", "%v", err)
	case contact == "":
		return fail("config", "write crawl: {contact: you@example.org} into a configuration file and name it by --config; attache asks no publisher anything before", "%s: crawl.contact is not set", file)
	}
	return fine("config", "%s; publishers reach %s", file, contact)
}

// Loaded judges what the configuration names besides: err is what loading it gave.
func Loaded(sources int, err error) Finding {
	if err != nil {
		return fail("sources", "mend what is named; attache config check looks at it again", "%v", err)
	}
	return fine("sources", "%d load", sources)
}
