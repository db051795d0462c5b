using System.Buffers;

namespace Shortline.Grains.Handlers;

/// <summary>The rule for names of operations: 1 to 64 of A–Z, a–z, 0–9, <c>_</c>, <c>.</c>, <c>-</c>.</summary>
internal static class OperationName
{
    public const int MaxLength = 64;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-");

    public static bool IsValid(string name) => name.Length is > 0 and <= MaxLength && !name.AsSpan().ContainsAnyExcept(Allowed);
}
