namespace Shortline.Balancing;

/// <summary>How large the fleet should be.</summary>
/// <param name="Desired">Servers to have now: within the bounds, and at most one step from what there is.</param>
/// <param name="Wanted">Servers that the demand asks for, whatever the bounds.</param>
/// <param name="Panic">Whether demand has at least doubled lately: nothing is drained.</param>
/// <param name="Urgent">Whether to look again soon: queues are over the threshold, or the last step was not enough.</param>
/// <param name="Reason">Why <paramref name="Desired"/> changed, in words; empty if it did not.</param>
public readonly record struct ScalingDecision(int Desired, int Wanted, bool Panic, bool Urgent, string Reason);
