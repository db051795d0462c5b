namespace Shortline.Playground;

/// <summary>A request of a client.</summary>
/// <param name="Operation">Its operation.</param>
/// <param name="Payload">A JSON value, or empty.</param>
/// <param name="Text">How it is shown: <c>compute 0.016</c>.</param>
internal sealed record PlayRequest(string Operation, ReadOnlyMemory<byte> Payload, string Text);
