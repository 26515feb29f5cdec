/**
 * @generated SignedSource<<e7bb89b0683d8afa9462f9d151796447>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
import type { FragmentRefs } from "relay-runtime";
export type AddressType = "BILLING" | "HOME" | "OFFICE" | "OTHER" | "SHIPPING" | "%future added value";
export type CompanyPriority = "HIGH" | "LOW" | "MEDIUM" | "URGENT" | "%future added value";
export type CompanyStatus = "CHURNED" | "CUSTOMER" | "LEAD" | "PARTNER" | "PROSPECT" | "%future added value";
export type EmailAddressType = "OTHER" | "PERSONAL" | "WORK" | "%future added value";
export type PhoneNumberType = "FAX" | "HOME" | "MOBILE" | "OTHER" | "WORK" | "%future added value";
export type Role = "ADMIN" | "MANAGER" | "MEMBER" | "VIEWER" | "%future added value";
export type SocialMediaPlatform = "FACEBOOK" | "GITHUB" | "INSTAGRAM" | "LINKEDIN" | "MASTODON" | "OTHER" | "X" | "YOUTUBE" | "%future added value";
export type ContactFilter = {
  addresses?: AddressListFilter | null | undefined;
  and?: ReadonlyArray<ContactFilter> | null | undefined;
  birthDate?: DateFilter | null | undefined;
  callOptIn?: BooleanFilter | null | undefined;
  company?: CompanyFilter | null | undefined;
  companyId?: IDFilter | null | undefined;
  createdAt?: DateTimeFilter | null | undefined;
  deletedAt?: DateTimeFilter | null | undefined;
  department?: StringFilter | null | undefined;
  emailAddresses?: EmailAddressListFilter | null | undefined;
  emailOptIn?: BooleanFilter | null | undefined;
  externalId?: StringFilter | null | undefined;
  firstName?: StringFilter | null | undefined;
  fullName?: StringFilter | null | undefined;
  id?: IDFilter | null | undefined;
  jobTitle?: StringFilter | null | undefined;
  lastName?: StringFilter | null | undefined;
  middleName?: StringFilter | null | undefined;
  not?: ContactFilter | null | undefined;
  notes?: StringFilter | null | undefined;
  or?: ReadonlyArray<ContactFilter> | null | undefined;
  owner?: UserFilter | null | undefined;
  ownerId?: IDFilter | null | undefined;
  phoneNumbers?: PhoneNumberListFilter | null | undefined;
  smsOptIn?: BooleanFilter | null | undefined;
  socialMediaAccounts?: SocialMediaAccountListFilter | null | undefined;
  updatedAt?: DateTimeFilter | null | undefined;
  version?: IntFilter | null | undefined;
};
export type IDFilter = {
  eq?: string | null | undefined;
  in?: ReadonlyArray<string> | null | undefined;
  isNull?: boolean | null | undefined;
  ne?: string | null | undefined;
  notIn?: ReadonlyArray<string> | null | undefined;
};
export type StringFilter = {
  between?: StringRange | null | undefined;
  caseSensitive?: boolean | null | undefined;
  contains?: string | null | undefined;
  endsWith?: string | null | undefined;
  eq?: string | null | undefined;
  gt?: string | null | undefined;
  gte?: string | null | undefined;
  in?: ReadonlyArray<string> | null | undefined;
  isNull?: boolean | null | undefined;
  lt?: string | null | undefined;
  lte?: string | null | undefined;
  matches?: string | null | undefined;
  ne?: string | null | undefined;
  notIn?: ReadonlyArray<string> | null | undefined;
  startsWith?: string | null | undefined;
};
export type StringRange = {
  from: string;
  to: string;
};
export type BooleanFilter = {
  eq?: boolean | null | undefined;
  ne?: boolean | null | undefined;
};
export type DateFilter = {
  between?: DateRange | null | undefined;
  eq?: string | null | undefined;
  gt?: string | null | undefined;
  gte?: string | null | undefined;
  in?: ReadonlyArray<string> | null | undefined;
  isNull?: boolean | null | undefined;
  lt?: string | null | undefined;
  lte?: string | null | undefined;
  ne?: string | null | undefined;
  notIn?: ReadonlyArray<string> | null | undefined;
  olderThanDays?: number | null | undefined;
  relative?: RelativeDays | null | undefined;
  withinDays?: number | null | undefined;
};
export type DateRange = {
  from: string;
  to: string;
};
export type RelativeDays = {
  from?: number | null | undefined;
  to?: number | null | undefined;
};
export type IntFilter = {
  between?: IntRange | null | undefined;
  eq?: number | null | undefined;
  gt?: number | null | undefined;
  gte?: number | null | undefined;
  in?: ReadonlyArray<number> | null | undefined;
  isNull?: boolean | null | undefined;
  lt?: number | null | undefined;
  lte?: number | null | undefined;
  ne?: number | null | undefined;
  notIn?: ReadonlyArray<number> | null | undefined;
};
export type IntRange = {
  from: number;
  to: number;
};
export type DateTimeFilter = {
  between?: DateTimeRange | null | undefined;
  eq?: string | null | undefined;
  gt?: string | null | undefined;
  gte?: string | null | undefined;
  in?: ReadonlyArray<string> | null | undefined;
  isNull?: boolean | null | undefined;
  lt?: string | null | undefined;
  lte?: string | null | undefined;
  ne?: string | null | undefined;
  notIn?: ReadonlyArray<string> | null | undefined;
  olderThanDays?: number | null | undefined;
  relative?: RelativeDays | null | undefined;
  withinDays?: number | null | undefined;
};
export type DateTimeRange = {
  from: string;
  to: string;
};
export type CompanyFilter = {
  addresses?: AddressListFilter | null | undefined;
  and?: ReadonlyArray<CompanyFilter> | null | undefined;
  annualRevenue?: DecimalFilter | null | undefined;
  annualRevenueCurrency?: CurrencyCodeFilter | null | undefined;
  assignedTo?: UserFilter | null | undefined;
  assignedToId?: IDFilter | null | undefined;
  contacts?: ContactListFilter | null | undefined;
  createdAt?: DateTimeFilter | null | undefined;
  deletedAt?: DateTimeFilter | null | undefined;
  domain?: StringFilter | null | undefined;
  emailAddresses?: EmailAddressListFilter | null | undefined;
  employeeCount?: IntFilter | null | undefined;
  externalId?: StringFilter | null | undefined;
  foundedYear?: IntFilter | null | undefined;
  id?: IDFilter | null | undefined;
  industry?: IndustryFilter | null | undefined;
  industryId?: IDFilter | null | undefined;
  lastContactedAt?: DateTimeFilter | null | undefined;
  leadScore?: IntFilter | null | undefined;
  legalName?: StringFilter | null | undefined;
  name?: StringFilter | null | undefined;
  nextFollowUpAt?: DateTimeFilter | null | undefined;
  not?: CompanyFilter | null | undefined;
  notes?: StringFilter | null | undefined;
  or?: ReadonlyArray<CompanyFilter> | null | undefined;
  owner?: UserFilter | null | undefined;
  ownerId?: IDFilter | null | undefined;
  phoneNumbers?: PhoneNumberListFilter | null | undefined;
  priority?: CompanyPriorityFilter | null | undefined;
  size?: CompanySizeFilter | null | undefined;
  sizeId?: IDFilter | null | undefined;
  socialMediaAccounts?: SocialMediaAccountListFilter | null | undefined;
  status?: CompanyStatusFilter | null | undefined;
  updatedAt?: DateTimeFilter | null | undefined;
  version?: IntFilter | null | undefined;
  website?: StringFilter | null | undefined;
};
export type DecimalFilter = {
  between?: DecimalRange | null | undefined;
  eq?: string | null | undefined;
  gt?: string | null | undefined;
  gte?: string | null | undefined;
  in?: ReadonlyArray<string> | null | undefined;
  isNull?: boolean | null | undefined;
  lt?: string | null | undefined;
  lte?: string | null | undefined;
  ne?: string | null | undefined;
  notIn?: ReadonlyArray<string> | null | undefined;
};
export type DecimalRange = {
  from: string;
  to: string;
};
export type CurrencyCodeFilter = {
  eq?: string | null | undefined;
  in?: ReadonlyArray<string> | null | undefined;
  isNull?: boolean | null | undefined;
  ne?: string | null | undefined;
  notIn?: ReadonlyArray<string> | null | undefined;
};
export type CompanyStatusFilter = {
  eq?: CompanyStatus | null | undefined;
  in?: ReadonlyArray<CompanyStatus> | null | undefined;
  ne?: CompanyStatus | null | undefined;
  notIn?: ReadonlyArray<CompanyStatus> | null | undefined;
};
export type CompanyPriorityFilter = {
  eq?: CompanyPriority | null | undefined;
  in?: ReadonlyArray<CompanyPriority> | null | undefined;
  ne?: CompanyPriority | null | undefined;
  notIn?: ReadonlyArray<CompanyPriority> | null | undefined;
};
export type IndustryFilter = {
  and?: ReadonlyArray<IndustryFilter> | null | undefined;
  createdAt?: DateTimeFilter | null | undefined;
  id?: IDFilter | null | undefined;
  name?: StringFilter | null | undefined;
  not?: IndustryFilter | null | undefined;
  or?: ReadonlyArray<IndustryFilter> | null | undefined;
  position?: IntFilter | null | undefined;
  updatedAt?: DateTimeFilter | null | undefined;
};
export type CompanySizeFilter = {
  and?: ReadonlyArray<CompanySizeFilter> | null | undefined;
  createdAt?: DateTimeFilter | null | undefined;
  id?: IDFilter | null | undefined;
  maxEmployees?: IntFilter | null | undefined;
  minEmployees?: IntFilter | null | undefined;
  name?: StringFilter | null | undefined;
  not?: CompanySizeFilter | null | undefined;
  or?: ReadonlyArray<CompanySizeFilter> | null | undefined;
  position?: IntFilter | null | undefined;
  updatedAt?: DateTimeFilter | null | undefined;
};
export type UserFilter = {
  and?: ReadonlyArray<UserFilter> | null | undefined;
  createdAt?: DateTimeFilter | null | undefined;
  deactivatedAt?: DateTimeFilter | null | undefined;
  email?: StringFilter | null | undefined;
  id?: IDFilter | null | undefined;
  isMe?: boolean | null | undefined;
  name?: StringFilter | null | undefined;
  not?: UserFilter | null | undefined;
  or?: ReadonlyArray<UserFilter> | null | undefined;
  role?: RoleFilter | null | undefined;
  updatedAt?: DateTimeFilter | null | undefined;
};
export type RoleFilter = {
  eq?: Role | null | undefined;
  in?: ReadonlyArray<Role> | null | undefined;
  ne?: Role | null | undefined;
  notIn?: ReadonlyArray<Role> | null | undefined;
};
export type ContactListFilter = {
  every?: ContactFilter | null | undefined;
  none?: ContactFilter | null | undefined;
  some?: ContactFilter | null | undefined;
};
export type EmailAddressListFilter = {
  every?: EmailAddressFilter | null | undefined;
  none?: EmailAddressFilter | null | undefined;
  some?: EmailAddressFilter | null | undefined;
};
export type EmailAddressFilter = {
  and?: ReadonlyArray<EmailAddressFilter> | null | undefined;
  domain?: StringFilter | null | undefined;
  email?: StringFilter | null | undefined;
  isPrimary?: BooleanFilter | null | undefined;
  not?: EmailAddressFilter | null | undefined;
  optedOutAt?: DateTimeFilter | null | undefined;
  or?: ReadonlyArray<EmailAddressFilter> | null | undefined;
  type?: EmailAddressTypeFilter | null | undefined;
};
export type EmailAddressTypeFilter = {
  eq?: EmailAddressType | null | undefined;
  in?: ReadonlyArray<EmailAddressType> | null | undefined;
  ne?: EmailAddressType | null | undefined;
  notIn?: ReadonlyArray<EmailAddressType> | null | undefined;
};
export type PhoneNumberListFilter = {
  every?: PhoneNumberFilter | null | undefined;
  none?: PhoneNumberFilter | null | undefined;
  some?: PhoneNumberFilter | null | undefined;
};
export type PhoneNumberFilter = {
  and?: ReadonlyArray<PhoneNumberFilter> | null | undefined;
  isPrimary?: BooleanFilter | null | undefined;
  not?: PhoneNumberFilter | null | undefined;
  number?: PhoneFilter | null | undefined;
  or?: ReadonlyArray<PhoneNumberFilter> | null | undefined;
  type?: PhoneNumberTypeFilter | null | undefined;
};
export type PhoneFilter = {
  endsWith?: string | null | undefined;
  eq?: string | null | undefined;
  in?: ReadonlyArray<string> | null | undefined;
  ne?: string | null | undefined;
  notIn?: ReadonlyArray<string> | null | undefined;
  startsWith?: string | null | undefined;
};
export type PhoneNumberTypeFilter = {
  eq?: PhoneNumberType | null | undefined;
  in?: ReadonlyArray<PhoneNumberType> | null | undefined;
  ne?: PhoneNumberType | null | undefined;
  notIn?: ReadonlyArray<PhoneNumberType> | null | undefined;
};
export type AddressListFilter = {
  every?: AddressFilter | null | undefined;
  none?: AddressFilter | null | undefined;
  some?: AddressFilter | null | undefined;
};
export type AddressFilter = {
  and?: ReadonlyArray<AddressFilter> | null | undefined;
  city?: StringFilter | null | undefined;
  country?: CountryCodeFilter | null | undefined;
  isPrimary?: BooleanFilter | null | undefined;
  not?: AddressFilter | null | undefined;
  or?: ReadonlyArray<AddressFilter> | null | undefined;
  region?: StringFilter | null | undefined;
  type?: AddressTypeFilter | null | undefined;
};
export type CountryCodeFilter = {
  eq?: string | null | undefined;
  in?: ReadonlyArray<string> | null | undefined;
  isNull?: boolean | null | undefined;
  ne?: string | null | undefined;
  notIn?: ReadonlyArray<string> | null | undefined;
};
export type AddressTypeFilter = {
  eq?: AddressType | null | undefined;
  in?: ReadonlyArray<AddressType> | null | undefined;
  ne?: AddressType | null | undefined;
  notIn?: ReadonlyArray<AddressType> | null | undefined;
};
export type SocialMediaAccountListFilter = {
  every?: SocialMediaAccountFilter | null | undefined;
  none?: SocialMediaAccountFilter | null | undefined;
  some?: SocialMediaAccountFilter | null | undefined;
};
export type SocialMediaAccountFilter = {
  and?: ReadonlyArray<SocialMediaAccountFilter> | null | undefined;
  handle?: StringFilter | null | undefined;
  isPrimary?: BooleanFilter | null | undefined;
  not?: SocialMediaAccountFilter | null | undefined;
  or?: ReadonlyArray<SocialMediaAccountFilter> | null | undefined;
  platform?: SocialMediaPlatformFilter | null | undefined;
};
export type SocialMediaPlatformFilter = {
  eq?: SocialMediaPlatform | null | undefined;
  in?: ReadonlyArray<SocialMediaPlatform> | null | undefined;
  ne?: SocialMediaPlatform | null | undefined;
  notIn?: ReadonlyArray<SocialMediaPlatform> | null | undefined;
};
export type contactsPageQuery$variables = {
  filter: ContactFilter;
  first: number;
};
export type contactsPageQuery$data = {
  readonly " $fragmentSpreads": FragmentRefs<"contactsList">;
};
export type contactsPageQuery = {
  response: contactsPageQuery$data;
  variables: contactsPageQuery$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "filter"
  },
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "first"
  }
],
v1 = {
  "kind": "Variable",
  "name": "filter",
  "variableName": "filter"
},
v2 = {
  "kind": "Variable",
  "name": "first",
  "variableName": "first"
},
v3 = [
  (v1/*:: as any*/),
  (v2/*:: as any*/),
  {
    "kind": "Literal",
    "name": "orderBy",
    "value": [
      {
        "field": "LAST_NAME"
      }
    ]
  }
],
v4 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "id",
  "storageKey": null
};
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "contactsPageQuery",
    "selections": [
      {
        "args": [
          (v1/*:: as any*/),
          (v2/*:: as any*/)
        ],
        "kind": "FragmentSpread",
        "name": "contactsList"
      }
    ],
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "contactsPageQuery",
    "selections": [
      {
        "alias": null,
        "args": (v3/*:: as any*/),
        "concreteType": "ContactConnection",
        "kind": "LinkedField",
        "name": "contacts",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "totalCount",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "totalCountIsExact",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "concreteType": "ContactEdge",
            "kind": "LinkedField",
            "name": "edges",
            "plural": true,
            "selections": [
              {
                "alias": null,
                "args": null,
                "concreteType": "Contact",
                "kind": "LinkedField",
                "name": "node",
                "plural": false,
                "selections": [
                  (v4/*:: as any*/),
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "fullName",
                    "storageKey": null
                  },
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "version",
                    "storageKey": null
                  },
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "jobTitle",
                    "storageKey": null
                  },
                  {
                    "alias": null,
                    "args": null,
                    "concreteType": "Company",
                    "kind": "LinkedField",
                    "name": "company",
                    "plural": false,
                    "selections": [
                      {
                        "alias": null,
                        "args": null,
                        "kind": "ScalarField",
                        "name": "name",
                        "storageKey": null
                      },
                      (v4/*:: as any*/)
                    ],
                    "storageKey": null
                  },
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "__typename",
                    "storageKey": null
                  }
                ],
                "storageKey": null
              },
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "cursor",
                "storageKey": null
              }
            ],
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "concreteType": "PageInfo",
            "kind": "LinkedField",
            "name": "pageInfo",
            "plural": false,
            "selections": [
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "hasNextPage",
                "storageKey": null
              },
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "endCursor",
                "storageKey": null
              }
            ],
            "storageKey": null
          }
        ],
        "storageKey": null
      },
      {
        "alias": null,
        "args": (v3/*:: as any*/),
        "filters": [
          "filter",
          "orderBy"
        ],
        "handle": "connection",
        "key": "contactsList_contacts",
        "kind": "LinkedHandle",
        "name": "contacts"
      }
    ]
  },
  "params": {
    "cacheID": "8dcfc647854bd1f92ea17b5ae31a7c7e",
    "id": null,
    "metadata": {},
    "name": "contactsPageQuery",
    "operationKind": "query",
    "text": "query contactsPageQuery(\n  $filter: ContactFilter!\n  $first: Int!\n) {\n  ...contactsList_1qzYLD\n}\n\nfragment contactsCard on Contact {\n  jobTitle\n  company {\n    name\n    id\n  }\n  id\n}\n\nfragment contactsList_1qzYLD on Query {\n  contacts(first: $first, filter: $filter, orderBy: [{field: LAST_NAME}]) {\n    totalCount\n    totalCountIsExact\n    edges {\n      node {\n        id\n        fullName\n        version\n        ...contactsCard\n        __typename\n      }\n      cursor\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "cd37e36d2b8a870ec132dd012c685a2e";

export default node;
