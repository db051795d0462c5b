namespace Shortline.Bench;

/// <summary>A process under test, or one that tests it, did not do its part. The message is for the person at the terminal.</summary>
internal sealed class TargetFailedException(string message) : Exception(message);
