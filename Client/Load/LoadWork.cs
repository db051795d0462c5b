namespace Shortline.Client;

/// <summary>What the requests of a <see cref="LoadDriver"/> ask for.</summary>
/// <param name="Operation">1 to 64 letters, digits, <c>_</c>, <c>.</c> or <c>-</c>.</param>
/// <param name="Payloads">JSON values or empty, at least one; each client takes them in turn.</param>
public sealed record LoadWork(string Operation, IReadOnlyList<ReadOnlyMemory<byte>> Payloads);
