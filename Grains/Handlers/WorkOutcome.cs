namespace Shortline.Grains.Handlers;

/// <summary>The outcome of a handler's work: <see cref="Ok"/>, <see cref="Error"/> or <see cref="Invalid"/>.</summary>
public readonly struct WorkOutcome
{
    private WorkOutcome(WorkOutcomeKind kind, string message) => (Kind, Message) = (kind, message);

    /// <summary>The work succeeded. The client gets what was written as the result.</summary>
    public static WorkOutcome Ok => default;

    internal WorkOutcomeKind Kind { get; }

    internal string? Message { get; }

    /// <summary>The work failed. What was written is discarded.</summary>
    /// <param name="message">The reason, for the client.</param>
    public static WorkOutcome Error(string message) => new(WorkOutcomeKind.Error, message);

    /// <summary>
    /// The outcome at an external server. What was written is discarded, unless the kind is <see cref="WorkOutcomeKind.Ok"/>.
    /// </summary>
    internal static WorkOutcome Of(WorkOutcomeKind kind, string message) => new(kind, message);

    /// <summary>The operation cannot work on this payload. What was written is discarded.</summary>
    /// <param name="message">What is wrong with the payload, for the client.</param>
    public static WorkOutcome Invalid(string message) => new(WorkOutcomeKind.Invalid, message);
}

/// <summary>The kinds of <see cref="WorkOutcome"/>.</summary>
internal enum WorkOutcomeKind
{
    Ok = 0,
    Error = 1,
    Invalid = 2,

    /// <summary>The request has not run, and another server may get it.</summary>
    Rejected = 3,

    /// <summary>The time of the request was over.</summary>
    Expired = 4,
}
