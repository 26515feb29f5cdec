/**
 * @generated SignedSource<<14f50499e03dbeae5d6281ecfd27d901>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ReaderFragment } from 'relay-runtime';
import type { FragmentRefs } from "relay-runtime";
export type contactsCard$data = {
  readonly company: {
    readonly name: string;
  } | null | undefined;
  readonly id: string;
  readonly jobTitle: string | null | undefined;
  readonly " $fragmentType": "contactsCard";
};
export type contactsCard$key = {
  readonly " $data"?: contactsCard$data;
  readonly " $fragmentSpreads": FragmentRefs<"contactsCard">;
};

import contactsCardRefetchQuery_graphql from './contactsCardRefetchQuery.graphql';

const node: ReaderFragment = {
  "argumentDefinitions": [],
  "kind": "Fragment",
  "metadata": {
    "refetch": {
      "connection": null,
      "fragmentPathInResult": [
        "node"
      ],
      "operation": contactsCardRefetchQuery_graphql,
      "identifierInfo": {
        "identifierField": "id",
        "identifierQueryVariableName": "id"
      }
    }
  },
  "name": "contactsCard",
  "selections": [
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
        }
      ],
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "id",
      "storageKey": null
    }
  ],
  "type": "Contact",
  "abstractKey": null
};

(node as any).hash = "63dba84f2dd87923d14f8fe6a9f5096a";

export default node;
