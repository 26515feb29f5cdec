/**
 * @generated SignedSource<<0ed4e051fe0efb6ff3effd5cd05d2349>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type AddressType = "BILLING" | "HOME" | "OFFICE" | "OTHER" | "SHIPPING" | "%future added value";
export type EmailAddressType = "OTHER" | "PERSONAL" | "WORK" | "%future added value";
export type PhoneNumberType = "FAX" | "HOME" | "MOBILE" | "OTHER" | "WORK" | "%future added value";
export type SocialMediaPlatform = "FACEBOOK" | "GITHUB" | "INSTAGRAM" | "LINKEDIN" | "MASTODON" | "OTHER" | "X" | "YOUTUBE" | "%future added value";
export type CreateContactInput = {
  addresses?: ReadonlyArray<AddressInput> | null | undefined;
  birthDate?: string | null | undefined;
  callOptIn?: boolean | null | undefined;
  companyId?: string | null | undefined;
  department?: string | null | undefined;
  emailAddresses?: ReadonlyArray<EmailAddressInput> | null | undefined;
  emailOptIn?: boolean | null | undefined;
  externalId?: string | null | undefined;
  firstName?: string | null | undefined;
  jobTitle?: string | null | undefined;
  lastName?: string | null | undefined;
  middleName?: string | null | undefined;
  notes?: string | null | undefined;
  ownerId?: string | null | undefined;
  phoneNumbers?: ReadonlyArray<PhoneNumberInput> | null | undefined;
  smsOptIn?: boolean | null | undefined;
  socialMediaAccounts?: ReadonlyArray<SocialMediaAccountInput> | null | undefined;
};
export type EmailAddressInput = {
  email: string;
  isPrimary?: boolean | null | undefined;
  optedOutAt?: string | null | undefined;
  type?: EmailAddressType | null | undefined;
};
export type PhoneNumberInput = {
  extension?: string | null | undefined;
  isPrimary?: boolean | null | undefined;
  number: string;
  type?: PhoneNumberType | null | undefined;
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
export type SocialMediaAccountInput = {
  handle?: string | null | undefined;
  isPrimary?: boolean | null | undefined;
  platform: SocialMediaPlatform;
  url?: string | null | undefined;
};
export type DeleteContactInput = {
  id: string;
  version?: number | null | undefined;
};
export type contactsCreateAndDeleteMutation$variables = {
  create: CreateContactInput;
  delete: DeleteContactInput;
};
export type contactsCreateAndDeleteMutation$data = {
  readonly createContact: {
    readonly contact: {
      readonly fullName: string | null | undefined;
    } | null | undefined;
    readonly userErrors: ReadonlyArray<{
      readonly message: string;
    }>;
  } | null | undefined;
  readonly deleteContact: {
    readonly userErrors: ReadonlyArray<{
      readonly message: string;
    }>;
  } | null | undefined;
};
export type contactsCreateAndDeleteMutation = {
  response: contactsCreateAndDeleteMutation$data;
  variables: contactsCreateAndDeleteMutation$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "create"
  },
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "delete"
  }
],
v1 = [
  {
    "kind": "Variable",
    "name": "input",
    "variableName": "create"
  }
],
v2 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "fullName",
  "storageKey": null
},
v3 = {
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
      "name": "message",
      "storageKey": null
    }
  ],
  "storageKey": null
},
v4 = {
  "alias": null,
  "args": [
    {
      "kind": "Variable",
      "name": "input",
      "variableName": "delete"
    }
  ],
  "concreteType": "DeleteContactPayload",
  "kind": "LinkedField",
  "name": "deleteContact",
  "plural": false,
  "selections": [
    (v3/*:: as any*/)
  ],
  "storageKey": null
};
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "contactsCreateAndDeleteMutation",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": "CreateContactPayload",
        "kind": "LinkedField",
        "name": "createContact",
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
              (v2/*:: as any*/)
            ],
            "storageKey": null
          },
          (v3/*:: as any*/)
        ],
        "storageKey": null
      },
      (v4/*:: as any*/)
    ],
    "type": "Mutation",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "contactsCreateAndDeleteMutation",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": "CreateContactPayload",
        "kind": "LinkedField",
        "name": "createContact",
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
                "name": "id",
                "storageKey": null
              }
            ],
            "storageKey": null
          },
          (v3/*:: as any*/)
        ],
        "storageKey": null
      },
      (v4/*:: as any*/)
    ]
  },
  "params": {
    "cacheID": "f16f1b08ef87a4c8ab2672e5e447d5a2",
    "id": null,
    "metadata": {},
    "name": "contactsCreateAndDeleteMutation",
    "operationKind": "mutation",
    "text": "mutation contactsCreateAndDeleteMutation(\n  $create: CreateContactInput!\n  $delete: DeleteContactInput!\n) {\n  createContact(input: $create) {\n    contact {\n      fullName\n      id\n    }\n    userErrors {\n      message\n    }\n  }\n  deleteContact(input: $delete) {\n    userErrors {\n      message\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "0a421ba29be4b9410b749f023196e4d2";

export default node;
