import type { AppView } from '../server/interactions.js';
import type { PageApp } from './pageModel.js';

/** Returns an app as pages show it. */
export function appPage({
  name,
  organizationName,
  branding,
  isVerified,
}: Pick<AppView, 'name' | 'organizationName' | 'branding' | 'isVerified'>): PageApp {
  return {
    name,
    isVerified,
    owner: organizationName,
    description: branding.text,
    logoUrl: branding.logoUrl,
    color: branding.color,
    homepageUrl: branding.links?.website,
    privacyUrl: branding.links?.privacy,
    termsUrl: branding.links?.terms,
  };
}
