using System.Runtime.InteropServices;

namespace Shortline.LocalEngine;

/// <summary>A list or one of its interfaces; whatever it was, a list arrives.</summary>
internal sealed class ListFormat<TList, T> : SequenceFormat<TList, T>
    where TList : IEnumerable<T>
{
    protected override ReadOnlySpan<T> ItemsOf(TList sequence) => sequence switch
    {
        List<T> list => CollectionsMarshal.AsSpan(list),
        T[] array => array,
        _ => sequence.ToArray(),
    };

    protected override TList Make(T[] items) => (TList)(object)new List<T>(items);
}
