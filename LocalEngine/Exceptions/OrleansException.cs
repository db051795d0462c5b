namespace Orleans.Runtime;

/// <summary>What the engine itself throws, as opposed to a grain.</summary>
/// <param name="message">What happened.</param>
public class OrleansException(string message) : Exception(message);
