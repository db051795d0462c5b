namespace Orleans.Concurrency;

/// <summary>On a method of a grain interface: it changes nothing, so it interleaves with other read-only calls.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadOnlyAttribute : Attribute;
