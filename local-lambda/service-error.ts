/**
 * The errors of the Invoke operation that this service uses (Lambda API Reference, "Invoke", Errors). Each
 * has an HTTP status, says who is at fault, and names the field for the message in the body.
 */
const ERRORS = {
  InvalidRequestContentException: {status: 400, type: 'User', messageKey: 'message'},
  InvalidParameterValueException: {status: 400, type: 'User', messageKey: 'message'},
  AccessDeniedException: {status: 403, type: 'User', messageKey: 'Message'},
  ResourceNotFoundException: {status: 404, type: 'User', messageKey: 'Message'},
  RequestTooLargeException: {status: 413, type: 'User', messageKey: 'message'},
  TooManyRequestsException: {status: 429, type: 'User', messageKey: 'message'},
  ServiceException: {status: 500, type: 'Service', messageKey: 'Message'},
} as const;

/** Name of an error of the Invoke operation. */
export type ServiceErrorCode = keyof typeof ERRORS;

/** An answer of the service, not of a function, that SDKs turn into an exception of the same name. */
export class ServiceError extends Error {
  readonly code: ServiceErrorCode;
  readonly #more: Readonly<Record<string, string>>;

  constructor(code: ServiceErrorCode, message: string, more: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'ServiceError';
    this.code = code;
    this.#more = more;
  }

  /** The HTTP status. */
  get status(): number {
    return ERRORS[this.code].status;
  }

  /** The JSON body, in the spelling of the service's model. */
  get body(): Record<string, string> {
    const {type, messageKey} = ERRORS[this.code];
    return {Type: type, [messageKey]: this.message, ...this.#more};
  }
}

/** Any thrown value as an answer; what is not ours is a defect of this service and says so with status 500. */
export function toServiceError(thrown: unknown): ServiceError {
  if (thrown instanceof ServiceError) return thrown;
  const said = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return new ServiceError('ServiceException', said);
}
