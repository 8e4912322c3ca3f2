package embed

import "github.com/promesse-dev/promesse/internal/core/lang"

// words are the sentences of the first module, by language and by the names it has for
// them. {count} and the like stand where it puts a value.
func words() map[lang.Locale]map[string]string {
	all := map[lang.Locale]map[string]string{}
	for _, loc := range lang.Locales() {
		all[loc] = wordsIn(loc)
	}
	return all
}

func wordsIn(loc lang.Locale) map[string]string {
	grams := map[string]any{"Grams": "{grams}", "ByCar": "{car}"}
	kept := map[string]any{"Kept": "{kept}"}
	count := map[string]any{"Count": "{count}"}
	return map[string]string{
		// <promesse-tracking>; the story itself comes in words.
		"loading":  lang.T(loc, "embed.loading", nil),
		"unknown":  lang.T(loc, "embed.unknown", nil),
		"unread":   lang.T(loc, "embed.unread", nil),
		"follow":   lang.T(loc, "embed.follow", nil),
		"parcels":  lang.T(loc, "order_page.parcels", nil),
		"timeline": lang.T(loc, "order_page.timeline", nil),

		// <promesse-delivery>
		"looking":          lang.T(loc, "embed.looking", nil),
		"postcode_missing": lang.T(loc, "embed.postcode_missing", nil),
		"found":            lang.T(loc, "embed.found", count),
		"others":           lang.T(loc, "embed.others", count),
		"gone":             lang.T(loc, "embed.gone", nil),
		"down":             lang.T(loc, "shop.down", nil),
		"retry":            lang.T(loc, "shop.retry", nil),
		"country":          lang.T(loc, "shop.country", nil),
		"postcode":         lang.T(loc, "shop.postcode", nil),
		"see":              lang.T(loc, "shop.see", nil),
		"when":             lang.T(loc, "shop.delivery", nil),
		"choose":           lang.T(loc, "shop.choose", nil),
		"none":             lang.T(loc, "shop.no_date", nil),
		"refused":          lang.T(loc, "shop.not_offered", nil),
		"free":             lang.T(loc, "shop.free", nil),
		"carbon":           lang.T(loc, "shop.carbon", grams),
		"carbon_car":       lang.T(loc, "shop.carbon_car", grams),
		"because_own":      lang.T(loc, "shop.because_own", kept),
		"because_pool":     lang.T(loc, "shop.because_pool", kept),
		"because_reserved": lang.T(loc, "shop.reserved", nil) + " " + lang.T(loc, "shop.because_reserved", nil),
		"because_standard": lang.T(loc, "shop.announced", nil) + " " + lang.T(loc, "shop.because_standard", nil),
		"before":           lang.T(loc, "shop.before_day", map[string]any{"Clock": "{clock}", "Day": "{day}"}),
	}
}

// pointWords are those of the points' module.
func pointWords() map[lang.Locale]map[string]string {
	all := map[lang.Locale]map[string]string{}
	for _, loc := range lang.Locales() {
		all[loc] = map[string]string{
			"where":         lang.T(loc, "locator.where", nil),
			"where_missing": lang.T(loc, "embed.where_missing", nil),
			"now":           lang.T(loc, "embed.open_now", nil),
			"find":          lang.T(loc, "locator.find", nil),
			"legend":        lang.T(loc, "embed.points", nil),
			"around":        lang.T(loc, "embed.around", map[string]any{"Place": "{place}"}),
			"found":         lang.T(loc, "embed.points_found", map[string]any{"Count": "{count}"}),
			"none":          lang.T(loc, "embed.no_point", nil),
			"unknown":       lang.T(loc, "embed.unknown_place", nil),
			"choose":        lang.T(loc, "embed.choose_point", nil),
			"down":          lang.T(loc, "shop.down", nil),
			"retry":         lang.T(loc, "shop.retry", nil),
			"unsaid":        lang.T(loc, "locator.state_unsaid", nil),
			"always":        lang.T(loc, "locator.state_always", nil),
			"closed":        lang.T(loc, "locator.state_closed", nil),
			"until":         lang.T(loc, "locator.state_open", map[string]any{"Until": "{when}"}),
			"from":          lang.T(loc, "locator.state_opens", map[string]any{"From": "{when}"}),
		}
	}
	return all
}
