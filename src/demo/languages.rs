//! Captions in nine more languages, put together from phrases that stand next to each other in any combination.

use super::english::PLACES;
use super::random::Rng;

/// Phrases of one language.
struct Language {
    code: &'static str,
    subjects: [&'static str; 10],
    moments: [&'static str; 6],
    /// `{s}` subject, `{m}` moment, `{p}` place.
    forms: [&'static str; 3],
}

/// A caption and the code of its language.
pub fn caption(rng: &mut Rng) -> (String, &'static str) {
    let language = rng.choose(&LANGUAGES);
    let text = rng
        .pick(&language.forms)
        .replace("{s}", rng.pick(&language.subjects))
        .replace("{m}", rng.pick(&language.moments))
        .replace("{p}", rng.pick(&PLACES));
    (text, language.code)
}

#[rustfmt::skip]
const LANGUAGES: [Language; 9] = [
    Language {
        code: "nl",
        subjects: ["Vissersboten in de haven", "De oude vuurtoren op de pier", "Trapgevels langs de gracht", "Een kat op de vensterbank", "Molen aan de vaart", "Tulpenvelden in bloei", "Versgebakken roggebrood", "Schaatsers op het ijs", "Portret van een botenbouwer", "Een rode fiets tegen de muur"],
        moments: ["bij zonsopgang", "in de mist", "na de regen", "op een winterochtend", "tijdens de kermis", "bij eb"],
        forms: ["{s} {m}", "{s} in {p}", "{p}: {s}, {m}"],
    },
    Language {
        code: "es",
        subjects: ["Barcas de pesca en el puerto", "El viejo faro del rompeolas", "Cesta de limones sobre la mesa", "Niños dando de comer a las gaviotas", "Calle estrecha con puertas pintadas", "Retrato de una pescadora", "Mercado de verduras", "Gato dormido en la ventana", "Campo de amapolas", "Músico callejero con acordeón"],
        moments: ["al atardecer", "después de la lluvia", "en una mañana de niebla", "durante la fiesta del pueblo", "en blanco y negro", "con marea baja"],
        forms: ["{s} {m}", "{s}, {p}", "{s} {m} en {p} | Fotografía"],
    },
    Language {
        code: "de",
        subjects: ["Fischerboote im Hafen", "Der alte Leuchtturm auf der Mole", "Apfelgarten in voller Blüte", "Schneebedeckte Dächer", "Bildnis einer Glasbläserin", "Straßenmusiker mit Akkordeon", "Frisches Roggenbrot", "Windmühle am Deich", "Katze auf der Fensterbank", "Heißluftballons über dem Tal"],
        moments: ["bei Sonnenuntergang", "im Morgennebel", "nach dem Regen", "an einem Wintertag", "zur blauen Stunde", "bei Ebbe"],
        forms: ["{s} {m}", "{s} in {p}", "{p} – {s} {m}"],
    },
    Language {
        code: "fr",
        subjects: ["Bateaux de pêche dans le port", "Le vieux phare au bout de la jetée", "Coupe de citrons sur une nappe bleue", "Portrait d'une relieuse", "Ruelle pavée aux volets verts", "Marché aux fleurs", "Champ de coquelicots", "Chat endormi à la fenêtre", "Pont de pierre sur la rivière", "Accordéoniste dans la rue"],
        moments: ["au crépuscule", "après la pluie", "dans la brume du matin", "à marée basse", "un jour de marché", "en noir et blanc"],
        forms: ["{s} {m}", "{s}, {p}", "{p} : {s} {m}"],
    },
    Language {
        code: "ja",
        subjects: ["港に並ぶ漁船", "古い灯台", "石畳の路地", "窓辺で眠る猫", "りんご園の花", "雪の積もった屋根", "青い布の上のレモン", "川にかかる石橋", "熱気球", "版画家の肖像"],
        moments: ["夕暮れの", "朝霧の中の", "雨上がりの", "冬の朝の", "月明かりの", "春の"],
        forms: ["{m}{s}", "{m}{s}（{p}）", "{p}で撮影した{s}の写真"],
    },
    Language {
        code: "zh",
        subjects: ["港口里的渔船", "防波堤上的老灯塔", "窗台上睡觉的猫", "苹果园开花", "雪中的屋顶", "蓝布上的柠檬", "河上的石桥", "山谷上空的热气球", "版画家的肖像", "铺着鹅卵石的小巷"],
        moments: ["黄昏时分", "清晨薄雾中", "雨后", "冬日早晨", "月光下", "春天"],
        forms: ["{m}{s}", "{m}，{s}，{p}", "{p}的风景：{s}"],
    },
    Language {
        code: "ko",
        subjects: ["항구의 어선들", "방파제 위의 오래된 등대", "창가에서 잠든 고양이", "꽃이 핀 사과 과수원", "눈 덮인 지붕", "파란 천 위의 레몬", "강 위의 돌다리", "계곡 위의 열기구", "판화가의 초상", "조약돌 골목길"],
        moments: ["해 질 녘", "아침 안개 속", "비 온 뒤", "겨울 아침", "달빛 아래", "봄날의"],
        forms: ["{m} {s}", "{p}, {s}", "{m} {s} - {p} 사진"],
    },
    Language {
        code: "th",
        subjects: ["เรือประมงในท่าเรือ", "ประภาคารเก่าบนเขื่อนกันคลื่น", "แมวนอนหลับริมหน้าต่าง", "สวนแอปเปิลออกดอก", "หิมะบนหลังคา", "เลมอนบนผ้าสีฟ้า", "สะพานหินข้ามแม่น้ำ", "บอลลูนเหนือหุบเขา", "ภาพเหมือนช่างพิมพ์", "ตรอกปูหิน"],
        moments: ["ยามพลบค่ำ", "ในหมอกยามเช้า", "หลังฝนตก", "ในเช้าฤดูหนาว", "ใต้แสงจันทร์", "ในฤดูใบไม้ผลิ"],
        forms: ["{s}{m}", "{s} {p}", "ภาพถ่าย{s}{m} ที่ {p}"],
    },
    Language {
        code: "ar",
        subjects: ["قوارب الصيد في الميناء", "المنارة القديمة على الرصيف", "قطة نائمة على حافة النافذة", "بستان التفاح المزهر", "ثلج على الأسطح", "ليمون على قماش أزرق", "جسر حجري فوق النهر", "مناطيد فوق الوادي", "صورة لفنانة الطباعة", "زقاق مرصوف بالحجارة"],
        moments: ["عند الغروب", "في ضباب الصباح", "بعد المطر", "في صباح شتوي", "تحت ضوء القمر", "في الربيع"],
        forms: ["{s} {m}", "{s}، {p}", "{p}: {s} {m}"],
    },
];
