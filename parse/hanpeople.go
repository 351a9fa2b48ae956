package parse

func hanPeople(near []block) []string { return nil }
