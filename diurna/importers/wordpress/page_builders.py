"""What the shortcodes of page builders and themes are: arrangement, words, or parts of a site.

A builder's shortcodes are known by the beginning of their names. Whatever stands between an opening
and its end is text and stays; of attributes, those that a reader saw are kept.
"""

import re
from typing import Final

# WPBakery and its add-ons, Divi, Avada, Enfold, Shortcodes Ultimate, Beaver Builder, SiteOrigin,
# Thrive, Qode and Mikado themes, tagDiv, Cornerstone, King Composer, Flatsome, Themify, Tatsu,
# MH themes, BWL plug-ins, Bimber, G1 and Snax, Salient, The7, Porto, MotoPress, Themerex.
_FAMILIES: Final = re.compile(
    r"(?:vc|vcex|wpb|ult|ultimate|et_pb|fusion|av|avia|su|fl_builder|fl|siteorigin|tcb|thrive|mk|"
    r"qode|eltdf?|mkdf?|edgtf?|qodef|td|tdc|tdb|tds|cs|kc|ux|themify|tatsu|mh|bwl|bimber|g1|snax|"
    r"nectar|dt|porto|mp|trx|cmsms|mnky|spb|pp|tm|stm|gt3|bt_bb|rt|vamtam|us|minti|rev|nd|om|"
    r"thim|penci|jnews|jeg|bs|better|mashshare|mashsb|essb|ssb)_[\w-]+",
)
# Names that many themes share. They are plain words too, so that only those with attributes or an
# end are taken for shortcodes.
_SHARED: Final = frozenset(
    "accordion accordion_item accordions alert blockquote box button buttons btn callout center "
    "checklist clear clearfix col column columns container content_box content_boxes cta div "
    "divider drop_cap dropcap dropcaps emphasis feature five_sixth five_sixth_last four_fifth "
    "fullwidth full_width gap heading highlight hr icon icon_list info info_box infobox item left "
    "lead lead_text li list list_item message note notice one_fifth one_fifth_last one_fourth "
    "one_fourth_last one_half one_half_last one_sixth one_sixth_last one_third one_third_last "
    "panel pullleft pullquote pullright quote right row row_inner section separator span space "
    "spacer spoiler success tab tabgroup tabs tab_item testimonial testimonials text text_block "
    "textblock three_fifth three_fourth three_fourth_last title toggle toggle_item toggles tooltip "
    "two_fifth two_third two_third_last ul warning well wrap x_accordion x_accordion_item x_alert "
    "x_blockquote x_button x_columns x_column x_content_band x_custom_headline x_dropcap x_gap "
    "x_highlight x_image x_line x_pullquote x_section x_row x_text x_video abbr collapse "
    "collapsibles "
    "cq_vc_accordion cq_vc_accordion_item expand read_more hide hidden members user".split()
)
# They stand inside a line, so that nothing is parted where they vanish.
_IN_LINE: Final = re.compile(
    r"(?:^|_)(?:drop_?caps?|highlight|tooltip|abbr|label|icon|fontawesome|popover|span|emphasis|"
    r"color|text_color|animate_text)$"
)
# Parts of a site: what they show is made of other posts, of settings or of other sites' visitors.
_PARTS: Final = re.compile(
    r"(?:^|_|-)(?:posts?|blog|blurb_posts|recent|portfolios?|portfolio|masonry|grid|carousel|"
    r"widget|sidebar|menu|nav|search|social|shares?|sharing|follow|login|signup|register|"
    r"contact|forms?|field|newsletter|optin|subscribe|shop|products?|woo|cart|related|comments?|"
    r"feed|page|like_box|flickr|tweets|block_\d+|wp|map|countdown|counter|pie|rating|ad|ads|"
    r"collection|popular|trending|hot|list_link|frontend|mashshare|poll|polls|quiz)(?:_|-|$)"
)
# Known by their whole names; nothing of them is text of the article.
_SITE_PARTS: Final = frozenset(
    "addtoany addtoany_share ad ads adinserter adrotate adrotate_group adsense advads the_ad "
    "the_ad_group quads wp_ad_camp_1 contact-form contact-form-7 contact_form cf7 wpforms "
    "gravityform gravityforms ninja_form ninja_forms ninja_forms_display_form formidable "
    "fluentform forminator_form hf_form wpuf_form caldera_form mc4wp_form mc4wp-form newsletter "
    "newsletter_form newsletter_signup_form mailpoet_form sibwp_form convertkit rev_slider "
    "layerslider "
    "smartslider3 metaslider ml-slider soliloquy masterslider slide-anything cycloneslider "
    "nggallery ngg ngg_images nggalbum nggtags nggtag album imagebrowser slideshow singlepic "
    "foogallery envira-gallery modula robo-gallery supsystic-gallery final_tiles_gallery "
    "photospace photo_gallery best_wordpress_gallery wp_rss_retriever feedzy-rss rss toc "
    "ez-toc lwptoc "
    "wp_sitemap_page sitemap html_sitemap sharethis shareaholic share ssba simple-social-share "
    "contact-field social_share social_warfare mashshare mashsharer mashsb easy-social-share "
    "jetpack-related-posts "
    "related_posts related-posts yarpp recent_posts recent-posts display-posts display_posts posts "
    "post_grid pt_view wp_show_posts the-post-grid list-posts listcategory catlist lcp "
    "woocommerce_cart woocommerce_checkout woocommerce_my_account products product product_page "
    "add_to_cart elementor-template insert_elementor global_block content_block contentblock "
    "block_content wpdatatable table tablepress wpsm_comparison_table ninja_tables "
    "supsystic-tables "
    "instagram-feed custom-twitter-feeds custom-facebook-feed youtube-feed fts_facebook "
    "fts_twitter "
    "wpdevart_like_box wpmem_form login_form bbp-forum-index bbp-login donation_form give_form "
    "wpedon paypal crowdsignal googlemap wpgmza google_map mapsmarker leaflet-map maps "
    "wprm-recipe yasr_visitor_votes yasr_overall_rating ratings kkstarratings wp-review taq_review "
    "wpseo_breadcrumb breadcrumb print-me printfriendly wp_ulike likebtn post-views mycred_link "
    "snax_frontend_submission snax_submission_form snax_user_collections snax_polls "
    "snax_quizzes bimber_reactions bimber_collection wyr_reactions adace-ad adace_ad "
    "adace-shop-the-post "
    "mashshare_buttons efn_reference footnotes_list references reference_list "
    "modern_footnotes_list "
    "footnotes".split()
)
# Of these, some are words that a writer may have put into brackets.
_WORDS: Final = frozenset(
    "ad ads album footnotes maps newsletter paypal posts product products ratings share slideshow "
    "table thumb".split()
)
# Nobody writes these in brackets without meaning the shortcode.
_BARE_RULES: Final = frozenset("clear clearfix divider hr separator spacer".split())
# Attributes that a reader saw, in the order in which they stood; the first kind is a heading.
HEADINGS: Final = (
    "title",
    "heading",
    "headline",
    "header",
    "tab_title",
    "title_text",
    "main_heading",
)
TEXTS: Final = (
    "subtitle", "subheading", "sub_heading", "text", "content", "description", "desc", "quote",
    "caption", "author", "name", "position", "job_title", "company_name", "text_before",
    "text_after",
)  # fmt: skip
BUTTON_TEXTS: Final = ("button_text", "button_one_text", "btn_title", "label", "link_text")
BUTTON_LINKS: Final = ("button_url", "button_link", "link", "url", "href", "button_one_url")
IMAGES: Final = (
    "image", "images", "image_id", "image_ids", "gallery_ids", "src", "img", "image_url",
    "photo", "attachment", "ids", "img_src", "background",
)  # fmt: skip
FILMS: Final = ("link", "src", "url", "video_url", "video", "youtube_url", "embed_url", "mp4")
_ARRANGES: Final = re.compile(
    r"(?:^|_)(?:rows?|columns?|cols?|sections?|inner|spacer|space|empty_space|gap|clear|line|wrapper|"
    r"container|specialty_section|half|third|fourth|fifth|sixth|layout|divider|separator|hr|end|"
    r"builder|insert_layout|last|content|text|tabs?|accordions?|toggles?|box|group)(?:_|$)"
)
_RULES: Final = re.compile(r"(?:^|_)(?:divider|separator|text_separator|hr)$")


def is_family(name: str) -> bool:
    """Whether this is a page builder's or theme's own shortcode, by the beginning of its name."""
    return _FAMILIES.fullmatch(name) is not None


def is_shared(name: str) -> bool:
    """Whether many themes have a shortcode of this name, which is a plain word as well."""
    return name in _SHARED


def is_bare_rule(name: str) -> bool:
    """Whether a name in brackets alone, without attributes or an end, only parts a text."""
    return name in _BARE_RULES


def is_word(name: str) -> bool:
    """Whether the name of a part of the site is a word that may stand in brackets."""
    return name in _WORDS


def is_site_part(name: str) -> bool:
    """Whether this shows a part of the site and no text of the article."""
    return name in _SITE_PARTS or (is_family(name) and shows_others(name))


def shows_others(name: str) -> bool:
    """Whether a builder's shortcode shows other posts, forms, shares and the like."""
    return _PARTS.search(name) is not None and name not in {"fl_row", "vc_gmaps"}


def stands_in_line(name: str) -> bool:
    """Whether a shortcode stands in a line of words, as an initial or a marked word does."""
    return _IN_LINE.search(name) is not None


def only_arranges(name: str) -> bool:
    """Whether a shortcode without text has nothing that anybody could miss."""
    return _ARRANGES.search(name) is not None


def is_rule(name: str) -> bool:
    """Whether a shortcode draws a line between two parts."""
    return _RULES.search(name) is not None
