namespace Orleans.Concurrency;

/// <summary>On a grain class: all its calls interleave where they await. Still one turn at a time.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReentrantAttribute : Attribute;
