namespace Shortline.Bench;

/// <summary>A process of the benchmark could not be started or failed. The user sees the message.</summary>
internal sealed class TargetFailedException(string message) : Exception(message);
