/**
 * @generated SignedSource<<930446d079ea1032fe47adc7b2dbc579>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
import type { FragmentRefs } from "relay-runtime";
export type AddressType = "BILLING" | "HOME" | "OFFICE" | "OTHER" | "SHIPPING" | "%future added value";
export type EmailAddressType = "OTHER" | "PERSONAL" | "WORK" | "%future added value";
export type PhoneNumberType = "FAX" | "HOME" | "MOBILE" | "OTHER" | "WORK" | "%future added value";
export type SocialMediaPlatform = "FACEBOOK" | "GITHUB" | "INSTAGRAM" | "LINKEDIN" | "MASTODON" | "OTHER" | "X" | "YOUTUBE" | "%future added value";
export type UserErrorCode = "ALREADY_EXISTS" | "BAD_USER_INPUT" | "CONFLICT" | "NOT_FOUND" | "%future added value";
export type UpdateContactInput = {
  addresses?: AddressChanges | null | undefined;
  birthDate?: string | null | undefined;
  callOptIn?: boolean | null | undefined;
  companyId?: string | null | undefined;
  department?: string | null | undefined;
  emailAddresses?: EmailAddressChanges | null | undefined;
  emailOptIn?: boolean | null | undefined;
  externalId?: string | null | undefined;
  firstName?: string | null | undefined;
  id: string;
  jobTitle?: string | null | undefined;
  lastName?: string | null | undefined;
  middleName?: string | null | undefined;
  notes?: string | null | undefined;
  ownerId?: string | null | undefined;
  phoneNumbers?: PhoneNumberChanges | null | undefined;
  smsOptIn?: boolean | null | undefined;
  socialMediaAccounts?: SocialMediaAccountChanges | null | undefined;
  version?: number | null | undefined;
};
export type EmailAddressChanges = {
  add?: ReadonlyArray<EmailAddressInput> | null | undefined;
  remove?: ReadonlyArray<string> | null | undefined;
  update?: ReadonlyArray<EmailAddressChange> | null | undefined;
};
export type EmailAddressInput = {
  email: string;
  isPrimary?: boolean | null | undefined;
  optedOutAt?: string | null | undefined;
  type?: EmailAddressType | null | undefined;
};
export type EmailAddressChange = {
  email?: string | null | undefined;
  id: string;
  isPrimary?: boolean | null | undefined;
  optedOutAt?: string | null | undefined;
  type?: EmailAddressType | null | undefined;
};
export type PhoneNumberChanges = {
  add?: ReadonlyArray<PhoneNumberInput> | null | undefined;
  remove?: ReadonlyArray<string> | null | undefined;
  update?: ReadonlyArray<PhoneNumberChange> | null | undefined;
};
export type PhoneNumberInput = {
  extension?: string | null | undefined;
  isPrimary?: boolean | null | undefined;
  number: string;
  type?: PhoneNumberType | null | undefined;
};
export type PhoneNumberChange = {
  extension?: string | null | undefined;
  id: string;
  isPrimary?: boolean | null | undefined;
  number?: string | null | undefined;
  type?: PhoneNumberType | null | undefined;
};
export type AddressChanges = {
  add?: ReadonlyArray<AddressInput> | null | undefined;
  remove?: ReadonlyArray<string> | null | undefined;
  update?: ReadonlyArray<AddressChange> | null | undefined;
};
export type AddressInput = {
  city?: string | null | undefined;
  country?: string | null | undefined;
  isPrimary?: boolean | null | undefined;
  latitude?: number | null | undefined;
  line1?: string | null | undefined;
  line2?: string | null | undefined;
  longitude?: number | null | undefined;
  postalCode?: string | null | undefined;
  region?: string | null | undefined;
  type?: AddressType | null | undefined;
};
export type AddressChange = {
  city?: string | null | undefined;
  country?: string | null | undefined;
  id: string;
  isPrimary?: boolean | null | undefined;
  latitude?: number | null | undefined;
  line1?: string | null | undefined;
  line2?: string | null | undefined;
  longitude?: number | null | undefined;
  postalCode?: string | null | undefined;
  region?: string | null | undefined;
  type?: AddressType | null | undefined;
};
export type SocialMediaAccountChanges = {
  add?: ReadonlyArray<SocialMediaAccountInput> | null | undefined;
  remove?: ReadonlyArray<string> | null | undefined;
  update?: ReadonlyArray<SocialMediaAccountChange> | null | undefined;
};
export type SocialMediaAccountInput = {
  handle?: string | null | undefined;
  isPrimary?: boolean | null | undefined;
  platform: SocialMediaPlatform;
  url?: string | null | undefined;
};
export type SocialMediaAccountChange = {
  handle?: string | null | undefined;
  id: string;
  isPrimary?: boolean | null | undefined;
  platform?: SocialMediaPlatform | null | undefined;
  url?: string | null | undefined;
};
export type contactsUpdateMutation$variables = {
  input: UpdateContactInput;
};
export type contactsUpdateMutation$data = {
  readonly updateContact: {
    readonly contact: {
      readonly version: number;
      readonly " $fragmentSpreads": FragmentRefs<"contactsCard">;
    } | null | undefined;
    readonly isChanged: boolean;
    readonly userErrors: ReadonlyArray<{
      readonly code: UserErrorCode;
      readonly currentVersion: number | null | undefined;
      readonly field: ReadonlyArray<string>;
      readonly message: string;
    }>;
  } | null | undefined;
};
export type contactsUpdateMutation = {
  response: contactsUpdateMutation$data;
  variables: contactsUpdateMutation$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "input"
  }
],
v1 = [
  {
    "kind": "Variable",
    "name": "input",
    "variableName": "input"
  }
],
v2 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "version",
  "storageKey": null
},
v3 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "isChanged",
  "storageKey": null
},
v4 = {
  "alias": null,
  "args": null,
  "concreteType": "UserError",
  "kind": "LinkedField",
  "name": "userErrors",
  "plural": true,
  "selections": [
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "code",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "message",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "field",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "currentVersion",
      "storageKey": null
    }
  ],
  "storageKey": null
},
v5 = {
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
    "name": "contactsUpdateMutation",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": "UpdateContactPayload",
        "kind": "LinkedField",
        "name": "updateContact",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "concreteType": "Contact",
            "kind": "LinkedField",
            "name": "contact",
            "plural": false,
            "selections": [
              (v2/*:: as any*/),
              {
                "args": null,
                "kind": "FragmentSpread",
                "name": "contactsCard"
              }
            ],
            "storageKey": null
          },
          (v3/*:: as any*/),
          (v4/*:: as any*/)
        ],
        "storageKey": null
      }
    ],
    "type": "Mutation",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "contactsUpdateMutation",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": "UpdateContactPayload",
        "kind": "LinkedField",
        "name": "updateContact",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "concreteType": "Contact",
            "kind": "LinkedField",
            "name": "contact",
            "plural": false,
            "selections": [
              (v2/*:: as any*/),
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
                  (v5/*:: as any*/)
                ],
                "storageKey": null
              },
              (v5/*:: as any*/)
            ],
            "storageKey": null
          },
          (v3/*:: as any*/),
          (v4/*:: as any*/)
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "8cba55c0b2fe797364cfce5eef7a98ce",
    "id": null,
    "metadata": {},
    "name": "contactsUpdateMutation",
    "operationKind": "mutation",
    "text": "mutation contactsUpdateMutation(\n  $input: UpdateContactInput!\n) {\n  updateContact(input: $input) {\n    contact {\n      version\n      ...contactsCard\n      id\n    }\n    isChanged\n    userErrors {\n      code\n      message\n      field\n      currentVersion\n    }\n  }\n}\n\nfragment contactsCard on Contact {\n  jobTitle\n  company {\n    name\n    id\n  }\n  id\n}\n"
  }
};
})();

(node as any).hash = "b1bb7074e8d6942f4261d3ae4d1e4240";

export default node;
