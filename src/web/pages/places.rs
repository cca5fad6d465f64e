//! Where people live, for the question that decides which law helps them. Codes are ISO 3166, California's is of part 2.

/// A place and how its code is written.
pub(super) struct Place {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
}

/// By name.
#[rustfmt::skip]
pub(super) const PLACES: &[Place] = &[
    place("AF", "Afghanistan"), place("AL", "Albania"), place("DZ", "Algeria"), place("AD", "Andorra"),
    place("AO", "Angola"), place("AG", "Antigua and Barbuda"), place("AR", "Argentina"), place("AM", "Armenia"),
    place("AU", "Australia"), place("AT", "Austria"), place("AZ", "Azerbaijan"), place("BS", "Bahamas"),
    place("BH", "Bahrain"), place("BD", "Bangladesh"), place("BB", "Barbados"), place("BY", "Belarus"),
    place("BE", "Belgium"), place("BZ", "Belize"), place("BJ", "Benin"), place("BT", "Bhutan"),
    place("BO", "Bolivia"), place("BA", "Bosnia and Herzegovina"), place("BW", "Botswana"), place("BR", "Brazil"),
    place("BN", "Brunei"), place("BG", "Bulgaria"), place("BF", "Burkina Faso"), place("BI", "Burundi"),
    place("CV", "Cabo Verde"), place("KH", "Cambodia"), place("CM", "Cameroon"), place("CA", "Canada"),
    place("CF", "Central African Republic"), place("TD", "Chad"), place("CL", "Chile"), place("CN", "China"),
    place("CO", "Colombia"), place("KM", "Comoros"), place("CG", "Congo"), place("CD", "Congo, Democratic Republic"),
    place("CR", "Costa Rica"), place("CI", "Côte d’Ivoire"), place("HR", "Croatia"), place("CU", "Cuba"),
    place("CY", "Cyprus"), place("CZ", "Czechia"), place("DK", "Denmark"), place("DJ", "Djibouti"),
    place("DM", "Dominica"), place("DO", "Dominican Republic"), place("EC", "Ecuador"), place("EG", "Egypt"),
    place("SV", "El Salvador"), place("GQ", "Equatorial Guinea"), place("ER", "Eritrea"), place("EE", "Estonia"),
    place("SZ", "Eswatini"), place("ET", "Ethiopia"), place("FJ", "Fiji"), place("FI", "Finland"),
    place("FR", "France"), place("GA", "Gabon"), place("GM", "Gambia"), place("GE", "Georgia"),
    place("DE", "Germany"), place("GH", "Ghana"), place("GR", "Greece"), place("GD", "Grenada"),
    place("GT", "Guatemala"), place("GN", "Guinea"), place("GW", "Guinea-Bissau"), place("GY", "Guyana"),
    place("HT", "Haiti"), place("HN", "Honduras"), place("HK", "Hong Kong"), place("HU", "Hungary"),
    place("IS", "Iceland"), place("IN", "India"), place("ID", "Indonesia"), place("IR", "Iran"), place("IQ", "Iraq"),
    place("IE", "Ireland"), place("IL", "Israel"), place("IT", "Italy"), place("JM", "Jamaica"), place("JP", "Japan"),
    place("JO", "Jordan"), place("KZ", "Kazakhstan"), place("KE", "Kenya"), place("KI", "Kiribati"),
    place("KP", "Korea, North"), place("KR", "Korea, South"), place("XK", "Kosovo"), place("KW", "Kuwait"),
    place("KG", "Kyrgyzstan"), place("LA", "Laos"), place("LV", "Latvia"), place("LB", "Lebanon"),
    place("LS", "Lesotho"), place("LR", "Liberia"), place("LY", "Libya"), place("LI", "Liechtenstein"),
    place("LT", "Lithuania"), place("LU", "Luxembourg"), place("MO", "Macao"), place("MG", "Madagascar"),
    place("MW", "Malawi"), place("MY", "Malaysia"), place("MV", "Maldives"), place("ML", "Mali"),
    place("MT", "Malta"), place("MH", "Marshall Islands"), place("MR", "Mauritania"), place("MU", "Mauritius"),
    place("MX", "Mexico"), place("FM", "Micronesia"), place("MD", "Moldova"), place("MC", "Monaco"),
    place("MN", "Mongolia"), place("ME", "Montenegro"), place("MA", "Morocco"), place("MZ", "Mozambique"),
    place("MM", "Myanmar"), place("NA", "Namibia"), place("NR", "Nauru"), place("NP", "Nepal"),
    place("NL", "Netherlands"), place("NZ", "New Zealand"), place("NI", "Nicaragua"), place("NE", "Niger"),
    place("NG", "Nigeria"), place("MK", "North Macedonia"), place("NO", "Norway"), place("OM", "Oman"),
    place("PK", "Pakistan"), place("PW", "Palau"), place("PS", "Palestine"), place("PA", "Panama"),
    place("PG", "Papua New Guinea"), place("PY", "Paraguay"), place("PE", "Peru"), place("PH", "Philippines"),
    place("PL", "Poland"), place("PT", "Portugal"), place("PR", "Puerto Rico"), place("QA", "Qatar"),
    place("RO", "Romania"), place("RU", "Russia"), place("RW", "Rwanda"), place("KN", "Saint Kitts and Nevis"),
    place("LC", "Saint Lucia"), place("VC", "Saint Vincent and the Grenadines"), place("WS", "Samoa"),
    place("SM", "San Marino"), place("ST", "São Tomé and Príncipe"), place("SA", "Saudi Arabia"),
    place("SN", "Senegal"), place("RS", "Serbia"), place("SC", "Seychelles"), place("SL", "Sierra Leone"),
    place("SG", "Singapore"), place("SK", "Slovakia"), place("SI", "Slovenia"), place("SB", "Solomon Islands"),
    place("SO", "Somalia"), place("ZA", "South Africa"), place("SS", "South Sudan"), place("ES", "Spain"),
    place("LK", "Sri Lanka"), place("SD", "Sudan"), place("SR", "Suriname"), place("SE", "Sweden"),
    place("CH", "Switzerland"), place("SY", "Syria"), place("TW", "Taiwan"), place("TJ", "Tajikistan"),
    place("TZ", "Tanzania"), place("TH", "Thailand"), place("TL", "Timor-Leste"), place("TG", "Togo"),
    place("TO", "Tonga"), place("TT", "Trinidad and Tobago"), place("TN", "Tunisia"), place("TR", "Türkiye"),
    place("TM", "Turkmenistan"), place("TV", "Tuvalu"), place("UG", "Uganda"), place("UA", "Ukraine"),
    place("AE", "United Arab Emirates"), place("GB", "United Kingdom"), place("US-CA", "United States: California"),
    place("US", "United States: any other state"), place("UY", "Uruguay"), place("UZ", "Uzbekistan"),
    place("VU", "Vanuatu"), place("VA", "Vatican City"), place("VE", "Venezuela"), place("VN", "Vietnam"),
    place("YE", "Yemen"), place("ZM", "Zambia"), place("ZW", "Zimbabwe"),
];

const fn place(code: &'static str, name: &'static str) -> Place {
    Place { code, name }
}

/// `DE` gives `Germany`; a code that is not in the list stays as it is. Only the question tells California from the rest.
pub(super) fn name_of(code: &str) -> &str {
    if code == "US" {
        return "United States";
    }
    PLACES.iter().find(|place| place.code == code).map_or(code, |place| place.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_stands_twice() {
        let codes: std::collections::BTreeSet<_> = PLACES.iter().map(|place| place.code).collect();
        assert_eq!(codes.len(), PLACES.len());
        assert_eq!((name_of("DE"), name_of("QQ"), name_of("US")), ("Germany", "QQ", "United States"));
    }
}
