namespace Shortline.LocalEngine;

internal sealed class MemoryFormat<T> : SequenceFormat<Memory<T>, T>
{
    protected override bool IsNull(Memory<T> sequence) => false;

    protected override ReadOnlySpan<T> ItemsOf(Memory<T> sequence) => sequence.Span;

    protected override Memory<T> Make(T[] items) => items;
}
