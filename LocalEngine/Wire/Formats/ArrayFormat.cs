namespace Shortline.LocalEngine;

internal sealed class ArrayFormat<T> : SequenceFormat<T[], T>
{
    protected override ReadOnlySpan<T> ItemsOf(T[] sequence) => sequence;

    protected override T[] Make(T[] items) => items;
}
