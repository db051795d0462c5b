namespace Orleans;

/// <summary>Why an activation ends, with words.</summary>
/// <param name="code">The code.</param>
/// <param name="text">The words.</param>
public readonly struct DeactivationReason(DeactivationReasonCode code, string text)
{
    /// <summary>The code.</summary>
    public DeactivationReasonCode ReasonCode { get; } = code;

    /// <summary>The words.</summary>
    public string Description { get; } = text;
}
