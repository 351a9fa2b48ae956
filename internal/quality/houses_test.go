package quality_test

// houses are invented, as is what they print.
var houses = []house{
	{"army-vi", "Tin Quân Đội", "vi", 12, 13, []string{
		"Tàu hộ vệ cập cảng Tiên Sa, thủy thủ hai nước giao lưu bóng chuyền",
		"Hai bộ trưởng quốc phòng hội đàm về cứu nạn trên biển",
		"Khai mạc lớp tiếng Việt cho sĩ quan nước bạn",
		"Ký biên bản ghi nhớ về khắc phục hậu quả bom mìn",
		"Đoàn công binh lên đường gìn giữ hòa bình",
	}},
	{"capital-vi", "Thủ Đô Mới", "vi", 7, 6, []string{
		"Đối thoại chính sách quốc phòng lần thứ chín diễn ra tại Đà Lạt",
		"Biên phòng hai tỉnh tuần tra chung dọc sông",
		"Triển lãm quốc phòng: 40 gian hàng từ mười hai nước",
	}},
	{"coast-vi", "Báo Duyên Hải", "vi", 5, 9, []string{
		"Cảnh sát biển đón tàu huấn luyện của nước bạn",
		"Chuyến thăm cảng kéo dài bốn ngày",
	}},
	{"province-vi", "Tin Tỉnh Nhà", "vi", 3, 3, []string{"Giao lưu hữu nghị quốc phòng biên giới mùa thứ tư", "Bàn giao hài cốt quân nhân mất tích"}},
	{"region-vi", "Quân Khu Tây", "vi", 4, 4, []string{"Diễn tập cứu hộ chung trên sông", "Tiếp tùy viên quốc phòng mới"}},
	{"courier-en", "The Morning Courier", "en", 9, 10, []string{
		"Defence ministers agree on a hotline between two navies",
		"Frigate calls at Da Nang on its way home",
		"Attachés compare notes: “We talk before we sail”",
		"Joint exercise ends a day early as the typhoon turns",
		"A field hospital returns from its third mission",
	}},
	{"gazette-en", "Harbour Gazette", "en", 6, 5, []string{
		"Coast guards rehearse a rescue in the gulf",
		"Talks on arms sales go into a second round",
		"Memorandum on military medicine signed in Hanoi",
	}},
	{"bulletin-en", "Defence Bulletin", "en", 6, 6, []string{"Peacekeepers train with four neighbours", "Generals walk the border post together"}},
	{"alfajr-ar", "صحيفة الفجر", "ar", 6, 7, []string{
		"وزيرا الدفاع يبحثان التعاون البحري في العاصمة",
		"سفينة تدريب تزور الميناء أربعة أيام",
		"اتفاق على إزالة الألغام (المرحلة 2) بتمويل مشترك",
		"«نتحاور قبل أن نبحر»: لقاء الملحقين العسكريين في 21 نوفمبر",
	}},
	{"almarsa-ar", "المرسى", "ar", 5, 0, nil},
	{"morning-zh", "晨报", "zh", 5, 5, []string{"两国海军在北部湾举行联合巡逻", "国防部代表团访问河内,签署合作备忘录", "训练舰抵达岘港进行为期四天的友好访问"}},
	{"vestnik-ru", "Утренний вестник", "ru", 4, 4, []string{"Министры обороны обсудили учения на будущий год", "Учебный корабль прибыл с дружеским визитом"}},
	{"matin-fr", "Le Courrier du matin", "fr", 3, 3, []string{"Une frégate fait escale à Hô Chi Minh-Ville", "Dialogue de défense : « l’eau rapproche »"}},
	{"manana-es", "La Mañana", "es", 3, 2, []string{"Dos ejércitos firman un acuerdo de formación médica", "Visita de cortesía del buque escuela"}},
	{"wire-en", "Wire from Nowhere", "en", 1, 1, []string{"Envoys plan next year’s naval visits"}},
}
