import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Construct } from "constructs";
import { constructIds } from "../src/release/construct-ids";
import { deny, policyDocument } from "./policy-document";
import { Protection } from "./protection";

export interface StateBucketProps {
  /** Name of the bucket. */
  readonly name: string;
  /** Days that S3 keeps what a state was before. @default 90 */
  readonly noncurrentDays?: number;
}

/** The bucket of Terraform's state: a lost or broken state comes back from an older version of its object. */
export class StateBucket extends Construct {
  constructor(scope: Construct, id: string, { name, noncurrentDays = 90 }: StateBucketProps) {
    super(scope, id);
    const made = new S3Bucket(this, "Resource", { bucket: name });
    new Protection(this, constructIds.protection, { of: made });
    const { id: bucket, arn } = made;
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
    const publicAccess = new S3BucketPublicAccessBlock(this, "public-access", {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketPolicy(this, "policy", {
      bucket,
      policy: policyDocument({
        ...deny(["s3:*"], [arn, `${arn}/*`]),
        Principal: "*",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      }),
      // S3 refuses two changes of a bucket's access at once.
      dependsOn: [publicAccess],
    });
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket,
      rule: [
        {
          id: "former-states",
          status: "Enabled",
          filter: [{ prefix: "" }],
          noncurrentVersionExpiration: [{ noncurrentDays }],
          // What a released lock leaves behind.
          expiration: [{ expiredObjectDeleteMarker: true }],
        },
      ],
      dependsOn: [versioning],
    });
  }
}
