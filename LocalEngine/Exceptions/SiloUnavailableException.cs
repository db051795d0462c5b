namespace Orleans.Runtime;

/// <summary>The silo of the grain died or there is none. A call that was under way may or may not have run.</summary>
/// <param name="msg">What happened.</param>
public sealed class SiloUnavailableException(string msg) : OrleansException(msg);
