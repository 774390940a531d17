//! The parts sentences are made of.

/// Templates and what fits their slots.
pub struct Bank {
    /// Sentences with `{slot}`s; `{n}` is a number.
    pub templates: &'static [&'static str],
    /// Slots and their fillings.
    pub slots: &'static [(&'static str, &'static [&'static str])],
    /// Headings.
    pub titles: &'static [&'static str],
    /// Words that occur in no template, for replacements.
    pub spare: &'static [&'static str],
}

/// English.
pub const ENGLISH: Bank = Bank {
    templates: &[
        "the {who} shall {do} the {what} within {n} days of {when}.",
        "{when}, the {who} may {do} any {adj} {what} at its own cost.",
        "each {what} must be {done} by the {who} before {when}.",
        "where the {what} is {adj}, the {who} will {do} it without delay.",
        "no {who} is required to {do} the {what} after {when}.",
        "the {adj} {what} described in section {n} has been {done} since {when}.",
        "if a {what} cannot be {done}, the {who} shall inform the other party in writing.",
        "a {adj} {what} consists of at least {n} {things} and one {what2}.",
        "measurements of the {what2} were repeated {n} times to rule out {adj} {things}.",
        "the {what2} reaches {n} percent of its rated value shortly after {when}.",
        "unlike the {what}, the {what2} depends on {adj} {things} only.",
        "figure {n} relates the {what2} to the number of {things} that were {done}.",
        "in practice most {things} are {done} twice, once by the {who} and once during {when}.",
        "our {adj} estimate of the {what2} differs by {n} units from the earlier one.",
        "neither the {who} nor its agents have {done} the {what} in a {adj} manner.",
        "all {things} listed below remain {adj} until {when}.",
        "it follows that the {what2} and the {what} are equally {adj}.",
        "the {who} keeps a record of {things} and hands it over at {when}.",
    ],
    slots: &[
        ("who", &["supplier", "customer", "licensee", "operator", "contractor", "auditor", "project manager", "tenant", "manufacturer", "reviewer", "authority", "purchaser", "engineer"]),
        ("do", &["inspect", "deliver", "replace", "approve", "store", "document", "calibrate", "withdraw", "return", "test", "publish", "repair", "accept"]),
        ("done", &["inspected", "delivered", "replaced", "approved", "stored", "documented", "calibrated", "withdrawn", "returned", "tested", "published", "repaired", "accepted"]),
        ("what", &["equipment", "agreement", "invoice", "drawing", "software", "deposit", "schedule", "warranty", "assembly", "certificate", "procedure", "shipment", "premises", "notice"]),
        ("what2", &["voltage", "pressure", "latency", "throughput", "temperature", "error rate", "sampling interval", "load", "torque", "bandwidth", "flow", "resistance", "coverage"]),
        ("things", &["samples", "components", "records", "measurements", "deviations", "parameters", "instruments", "licences", "deliverables", "requests", "fasteners", "channels"]),
        ("adj", &["written", "reasonable", "independent", "defective", "confidential", "complete", "significant", "preliminary", "additional", "stable", "external", "linear", "mutual", "redundant"]),
        ("when", &["the effective date", "receipt of the notice", "the end of the term", "acceptance", "commissioning", "the first audit", "the annual review", "completion of the works", "the second trial", "termination", "the start of production"]),
    ],
    titles: &["Scope and definitions", "Delivery of the works", "Terms of payment", "Methods and materials", "Results of the trial", "Liability", "Maintenance intervals", "Electrical ratings", "Confidential information", "Test procedure", "Related work", "Quality records"],
    spare: &["harmless", "obsolete", "municipal", "quarterly", "seasonal", "borrowed", "wooden", "remote", "generous", "domestic", "vertical", "analogue"],
};

/// Russian.
pub const RUSSIAN: Bank = Bank {
    templates: &[
        "{who} обязан {do} {what} в течение {n} дней после {when}.",
        "каждый {what} должен быть проверен до {when}.",
        "если {what} признан {adj}, {who} вправе {do} его повторно.",
        "после {when} {who} может {do} любой {adj} {what}.",
        "настоящий {what} состоит из {n} разделов и одного приложения.",
        "{adj} {what} хранится у стороны, которую назначил {who}.",
        "не позднее {when} {who} должен {do} {what} за свой счёт.",
    ],
    slots: &[
        ("who", &["поставщик", "заказчик", "подрядчик", "оператор", "арендатор", "аудитор", "инженер", "производитель"]),
        ("do", &["проверить", "доставить", "заменить", "утвердить", "вернуть", "испытать", "опубликовать", "принять"]),
        ("what", &["договор", "отчёт", "чертёж", "прибор", "график", "сертификат", "протокол", "комплект"]),
        ("adj", &["письменный", "полный", "независимый", "дополнительный", "предварительный", "внешний", "взаимный"]),
        ("when", &["даты подписания", "получения уведомления", "окончания срока", "приёмки работ", "первой проверки", "начала производства"]),
    ],
    titles: &["Общие положения", "Порядок оплаты", "Ответственность сторон", "Результаты испытаний", "Сроки поставки"],
    spare: &["городской", "зимний", "деревянный", "удалённый", "соседний", "вечерний"],
};

/// Chinese.
pub const CHINESE: Bank = Bank {
    templates: &[
        "{who}应当在{when}后{n}日内{do}{what}。",
        "在{when}之前，{who}可以自行{do}任何{adj}{what}。",
        "如果{what}无法{do}，{who}必须以书面形式通知对方。",
        "第{n}条所述的{adj}{what}自{when}起生效。",
        "每一份{what}至少包含{n}个{things}和一个{adj}附件。",
        "{who}负责保存全部{things}，并在{when}时移交。",
        "试验表明，{adj}{things}对{what}的影响不超过百分之{n}。",
    ],
    slots: &[
        ("who", &["供应商", "客户", "承包方", "操作员", "审计机构", "项目经理", "制造商", "评审人"]),
        ("do", &["检查", "交付", "更换", "批准", "记录", "校准", "退还", "测试", "发布"]),
        ("what", &["设备", "合同", "发票", "图纸", "软件", "保证金", "证书", "程序", "货物"]),
        ("things", &["样品", "部件", "数据", "参数", "仪器", "许可", "通道"]),
        ("adj", &["书面", "独立", "完整", "初步", "额外", "稳定", "外部", "保密"]),
        ("when", &["生效日期", "收到通知", "验收", "首次审核", "年度评审", "合同终止", "投产"]),
    ],
    titles: &["总则", "付款条件", "试验方法", "违约责任", "维护周期"],
    spare: &["季节", "市政", "木制", "遥远", "邻近", "晚间"],
};

/// Japanese.
pub const JAPANESE: Bank = Bank {
    templates: &[
        "{who}は{when}から{n}日以内に{what}を{do}しなければならない。",
        "{when}までに、{who}は{adj}{what}を自己の費用で{do}できる。",
        "{what}を{do}できない場合、{who}は書面で相手方に通知する。",
        "第{n}条に定める{adj}{what}は{when}に効力を生じる。",
        "すべての{things}は{who}が保管し、{when}に引き渡す。",
        "{adj}{things}が{what}に与える影響は{n}パーセント以下である。",
    ],
    slots: &[
        ("who", &["供給者", "顧客", "請負人", "監査人", "製造者", "責任者"]),
        ("do", &["検査", "納入", "交換", "承認", "記録", "校正", "返却"]),
        ("what", &["装置", "契約書", "図面", "証明書", "手順書", "ソフトウェア"]),
        ("things", &["試料", "部品", "データ", "測定値", "ライセンス"]),
        ("adj", &["独立した", "完全な", "予備の", "追加の", "外部の"]),
        ("when", &["発効日", "通知の受領", "検収", "初回監査", "契約の終了"]),
    ],
    titles: &["総則", "支払条件", "試験方法", "責任の範囲"],
    spare: &["季節", "木製", "遠隔", "近隣", "夜間"],
};

/// Arabic.
pub const ARABIC: Bank = Bank {
    templates: &[
        "يجب على {who} أن يقوم بعملية {do} خلال {n} يوما من {when}.",
        "يحق للطرف الذي يمثله {who} طلب {do} قبل {when}.",
        "تتضمن هذه {what} عدد {n} من البنود وملحقا واحدا.",
        "إذا تعذر {do} وجب على {who} إرسال إخطار مكتوب.",
        "يحتفظ {who} بنسخة من {what} حتى {when}.",
        "لا يجوز نشر {what} دون موافقة {who} بعد {when}.",
    ],
    slots: &[
        ("who", &["المورد", "العميل", "المقاول", "المشغل", "المدقق", "المهندس", "المستأجر"]),
        ("do", &["الفحص", "التسليم", "الاستبدال", "الاعتماد", "التوثيق", "الاختبار"]),
        ("what", &["الوثيقة", "الاتفاقية", "الفاتورة", "الشهادة", "الخطة", "الرسالة"]),
        ("when", &["تاريخ التوقيع", "نهاية المدة", "موعد الفحص", "بداية الإنتاج", "استلام الإخطار"]),
    ],
    titles: &["أحكام عامة", "شروط الدفع", "نتائج الاختبار", "مسؤولية الطرفين"],
    spare: &["الموسمية", "البلدية", "المجاورة", "البعيدة", "المسائية"],
};
