using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>
/// Carries what a grain threw to its caller: the same type where <see cref="ExceptionTypes"/> can make one, else an
/// <see cref="OrleansException"/> that names it. Message, cause and stack trace are those of the original.
/// </summary>
internal static class ExceptionCodec
{
    /// <summary>Causes of causes beyond this many are left out.</summary>
    private const int MaxCauses = 8;

    /// <summary>What is longer, of an endless recursion say, is cut.</summary>
    private const int LongestText = 16 * 1024;

    public static void Write(WireWriter writer, Exception exception) => Codec<ThrownException>.Write(writer, Describe(exception, MaxCauses));

    public static Exception Read(WireReader reader) =>
        Make(Codec<ThrownException>.Read(reader) ?? throw new WireFormatException("An exception came as null."));

    private static ThrownException Describe(Exception exception, int causes) => new()
    {
        Type = exception.GetType().FullName ?? "",
        Assembly = exception.GetType().Assembly.GetName().Name ?? "",
        Message = Cut(MessageOf(exception)) ?? "",
        StackTrace = Cut(exception.StackTrace),
        Inner = causes > 0 && exception.InnerException is { } inner ? Describe(inner, causes - 1) : null,
    };

    /// <summary>An aggregate puts the messages of its causes behind its own, and will again at the caller.</summary>
    private static string MessageOf(Exception exception) =>
        exception is AggregateException { InnerException: { } first } && exception.Message.IndexOf($" ({first.Message})", StringComparison.Ordinal) is > 0 and var end
            ? exception.Message[..end]
            : exception.Message;

    private static string? Cut(string? text) => text?.Length > LongestText ? text[..LongestText] : text;

    private static Exception Make(ThrownException thrown)
    {
        var inner = thrown.Inner is null ? null : Make(thrown.Inner);
        var exception = ExceptionTypes.Find(thrown.Assembly, thrown.Type) is { } type
            ? ExceptionTypes.TryCreate(type, thrown.Message, inner)
            : null;
        exception ??= new OrleansException($"{thrown.Type}: {thrown.Message}");
        if (inner is not null && exception.InnerException is null)
        {
            InnerOf(exception) = inner;
        }

        return string.IsNullOrEmpty(thrown.StackTrace) ? exception : ExceptionDispatchInfo.SetRemoteStackTrace(exception, thrown.StackTrace);
    }

    /// <summary>For types whose constructors take no cause. Serializers of old rely on the name, so it stays.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerException")]
    private static extern ref Exception? InnerOf(Exception exception);
}
