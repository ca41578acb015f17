/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WebP through libwebp, which reduces while it decodes. Moving pictures are refused. */
#include <webp/decode.h>

#include "media/picture.h"

static struct picture reduced_size(const WebPBitstreamFeatures *f)
{
	struct shrink s = shrink_new((uint32_t)f->width, (uint32_t)f->height, 4);

	return s.out;
}

struct picture webp_decode(struct sv content)
{
	const uint8_t *p = (const uint8_t *)content.p;
	WebPDecoderConfig config;
	struct picture out;
	VP8StatusCode status;

	if (!WebPInitDecoderConfig(&config) || WebPGetFeatures(p, content.n, &config.input) != VP8_STATUS_OK)
		picture_refuse(MEDIA_DAMAGED);
	if (config.input.has_animation)
		picture_refuse(MEDIA_UNKNOWN_TYPE);
	picture_allowed((uint32_t)config.input.width, (uint32_t)config.input.height);
	out = reduced_size(&config.input);
	config.options.use_scaling = 1;
	config.options.scaled_width = (int)out.width;
	config.options.scaled_height = (int)out.height;
	config.output.colorspace = MODE_RGBA;
	config.output.is_external_memory = 1;
	config.output.u.RGBA.rgba = out.p;
	config.output.u.RGBA.stride = (int)(out.width * 4);
	config.output.u.RGBA.size = (size_t)out.width * out.height * 4;
	status = WebPDecode(p, content.n, &config);
	if (status != VP8_STATUS_OK)
		picture_refuse(status == VP8_STATUS_OUT_OF_MEMORY ? MEDIA_EFFORT : MEDIA_DAMAGED);
	return out;
}
