using System.Runtime.CompilerServices;

namespace Shortline.LocalEngine;

/// <summary>How values of a type travel between processes. What it takes to find out is done once, at the first use.</summary>
/// <exception cref="NotSupportedException">The type, or a type of its members, cannot travel.</exception>
internal static class Codec<T>
{
    // No static readonly: a type initializer would hide the exception in another one.
    private static Format<T>? _format;

    public static void Write(WireWriter writer, T value) => (_format ?? Find()).Write(writer, value);

    public static T Read(WireReader reader) => (_format ?? Find()).Read(reader);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Format<T> Find() => _format = (Format<T>)FormatFinder.Find(typeof(T));
}
