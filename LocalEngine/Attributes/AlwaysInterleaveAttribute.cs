namespace Orleans.Concurrency;

/// <summary>
/// On a method of a grain interface: it may start while other calls of the activation are awaiting, and they while it is.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlwaysInterleaveAttribute : Attribute;
