namespace Orleans.Concurrency;

/// <summary>On a method of a grain interface: the caller learns neither its end nor its failure.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OneWayAttribute : Attribute;
