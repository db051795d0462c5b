namespace Shortline.Silo;

/// <summary>The payload of a <c>file</c> that is asked for as a stream.</summary>
internal sealed record StreamWork(string? Name = null, long Offset = 0, bool Stream = false);
