namespace Shortline.Grains;

/// <summary>How a handler's work went: <see cref="Ok"/>, <see cref="Error"/> or <see cref="Invalid"/>.</summary>
public readonly struct WorkOutcome
{
    private WorkOutcome(WorkOutcomeKind kind, string message) => (Kind, Message) = (kind, message);

    /// <summary>The work is done; the client gets what was written as the result.</summary>
    public static WorkOutcome Ok => default;

    internal WorkOutcomeKind Kind { get; }

    internal string? Message { get; }

    /// <summary>The work failed. What was written is discarded.</summary>
    /// <param name="message">Why, for the client.</param>
    public static WorkOutcome Error(string message) => new(WorkOutcomeKind.Error, message);

    /// <summary>What somebody else made of the work. What was written is discarded, unless it is done.</summary>
    internal static WorkOutcome Of(WorkOutcomeKind kind, string message) => new(kind, message);

    /// <summary>The payload is not one that the operation can work on. What was written is discarded.</summary>
    /// <param name="message">What is wrong with it, for the client.</param>
    public static WorkOutcome Invalid(string message) => new(WorkOutcomeKind.Invalid, message);
}
