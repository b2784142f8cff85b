#include "tools/panel/answer_templates.h"

#include <array>

namespace vitrine::panel {

std::string_view AnswerTemplate::in(std::string_view language) const {
    if (language == "zh") return zh;
    if (language == "es") return es;
    if (language == "pt") return pt;
    if (language == "ar") return ar;
    return en;
}

const std::array<AnswerTemplate, 5>& answer_templates() {
    static constexpr std::array<AnswerTemplate, 5> all{{
        {"showing", "I am showing it now in the picture.", "我现在就在画面中展示。", "Se lo muestro ahora en la imagen.",
         "Estou mostrando agora na imagem.", "أعرضه الآن في الصورة."},
        {"yes", "Yes, we can do that.", "可以，我们能做到。", "Sí, podemos hacerlo.", "Sim, podemos fazer isso.", "نعم، يمكننا ذلك."},
        {"sheet", "I will send you the data sheet after the show.", "节目结束后我会把规格书发给您。",
         "Le enviaré la ficha técnica después de la presentación.", "Enviarei a ficha técnica depois da apresentação.",
         "سأرسل إليك ورقة البيانات بعد العرض."},
        {"check", "I will check with our engineers and answer today.", "我向工程师确认后今天答复您。",
         "Lo consulto con nuestros ingenieros y respondo hoy.", "Vou verificar com nossos engenheiros e respondo hoje.",
         "سأتحقق مع مهندسينا وأجيبك اليوم."},
        {"quote", "Please request a quote; you get our price at once.", "请点击询价，我们马上报价。",
         "Solicite un presupuesto y le damos el precio enseguida.", "Peça um orçamento e enviamos o preço na hora.",
         "يرجى طلب عرض سعر وسنرسل السعر فورًا."},
    }};
    return all;
}

}  // namespace vitrine::panel
