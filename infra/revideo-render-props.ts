import type {aws_lambda as lambda} from 'aws-cdk-lib';

/** The settings of `RevideoRender`. Every one may be left out. */
export interface RevideoRenderProps {
  /**
   * The Revideo project: its folder, or its project file. The working directory if left out. Its image is built on
   * `revideo-lambda-base`; build that first: `npx revideo-lambda image --base-only`.
   */
  readonly project?: string;
  /** An image that you have built by `npx revideo-lambda image`, in the place of `project`. */
  readonly code?: lambda.DockerImageCode;
  /** Names the function: a letter and up to 55 letters, digits and `-`. Default: `revideo-render`. */
  readonly name?: string;
  /** MB of memory, 1024 to 10240; 1,769 MB bring one CPU. Default: 3008. */
  readonly memory?: number;
  /** Seconds for each invocation, 60 to 900; longer jobs continue in another one. Default: 900. */
  readonly timeout?: number;
  /** MB of `/tmp`, 512 to 10240. Default: 2048. */
  readonly tmp?: number;
  /** The only one that the image is made for yet. */
  readonly architecture?: 'x86_64';
  /** Invocations at the same time, 2 or more, reserved for this function. Default: what the account has. */
  readonly concurrencyCap?: number | undefined;
  /** US dollars that a job may cost whose event does not say so. Default: 5. */
  readonly maxCost?: number | undefined;
  /** Makes finished films readable for everyone with their address. Default: false. */
  readonly publicRenders?: boolean;
  /** An HTTPS address for the function; requests have to be signed (IAM). Default: false. */
  readonly functionUrl?: boolean;
  /** Sites whose scripts may read films, such as `https://films.example.com`. Default: none. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** A bus of EventBridge that gets an event for each job that ends, by name or ARN. Default: none. */
  readonly eventBus?: string | undefined;
  /** Where events may have films put: `bucket`, `bucket/prefix/`, or `/prefix/` of the own bucket. Default: nowhere else. */
  readonly outputs?: readonly string[] | undefined;
  /** Gets a mail for each alarm. Default: no mail. */
  readonly alarmEmail?: string | undefined;
  /** Days for which the log is kept: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180 or 365. Default: 30. */
  readonly logDays?: number;
  /** Variables of the function, such as `REVIDEO_PRIVATE_HOSTS`. Default: none. */
  readonly env?: Readonly<Record<string, string>>;
}
