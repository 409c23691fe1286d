/* SPDX-License-Identifier: ISC */
/* Names of phones, networks, programs and services, which are the same in all
 * languages; language.h says what each list is for. */
#include "text/language/language.h"

LANGUAGE(brands) = {
    .name = "Brands",
    .lists = {
        [CONTACT_LABEL] = WORDS("www", "skype", "twitter", "facebook", "instagram",
                                "linkedin", "gsm"),
        [FOOTER_OPENING] = WORDS("yahoo ", "outlook ", "bluemail", "mymail"),
        [FOOTER_PROGRAM] = WORDS("outlook*", "bluemail*", "mymail", "typeapp"),
        [FOOTER_DEVICE] = WORDS(
            "iphon*", "ipad*", "ipod*", "ios", "samsung*", "galaxy*", "huawei*",
            "blackberry*", "android*", "nokia*", "lumia", "windows*", "verizon*",
            "t-mobile", "sony*", "xperia*", "htc", "lg", "motorola*", "moto",
            "oneplus*", "xiaomi*", "redmi*", "pixel*", "oppo*", "honor*", "realme*",
            "vivo", "fairphone*", "vodafone*", "at&t", "sprint", "telstra*", "rogers",
            "telus", "orange*", "sfr", "bouygues", "telekom", "telefónica", "movistar",
            "swisscom", "kpn", "telia*", "telenor*", "elisa*", "mac*", "surface",
            "kindle", "yahoo*", "gmail*", "aol*", "gmx*", "web.de", "t-online",
            "proton*", "protonmail", "k-9", "thunderbird*", "hotmail", "icloud*",
            "zoho*", "fastmail", "tutanota*", "posteo", "mailbox.org", "typeapp*", "em",
            "zimbra*", "mailspring*", "postbox*", "boxer", "wp", "microsoft", "pegasus",
            "spark", "airmail", "superhuman", "edison", "ee"),
        [FOOTER_FILLER] = WORDS("3g", "4g", "5g", "lte", "pro", "max", "plus", "mini",
                                "ultra", "edge", "note", "air", "fold", "flip", "neo",
                                "lite", "duo", "exchange", "activesync"),
        [FOOTER_LINK] = WORDS("https://aka.ms/o0ukef", "https://aka.ms/aab9ysg",
                              "http://aka.ms/weboutlook"),
        [BANNER_LINK] = WORDS("aka.ms/learnaboutsenderidentification"),
        [BANNER_ADVICE] = WORDS("https://aka.ms/learnabout", "http://aka.ms/learnabout",
                                "aka.ms/learnabout"),
    }};
