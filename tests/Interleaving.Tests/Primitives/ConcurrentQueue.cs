using System.Diagnostics.CodeAnalysis;
using Microsoft.Coyote.Runtime;

namespace System.Collections.Concurrent;

/// <summary>Takes the place of the framework's queue: other operations may run before and after each of its methods, but not during one.</summary>
internal sealed class ConcurrentQueue<T> : IEnumerable<T>
{
    private readonly Queue<T> _items = new();

    public int Count => _items.Count;

    public bool IsEmpty
    {
        get
        {
            SchedulingPoint.Interleave();
            var isEmpty = _items.Count == 0;
            SchedulingPoint.Interleave();
            return isEmpty;
        }
    }

    public void Enqueue(T item)
    {
        SchedulingPoint.Interleave();
        _items.Enqueue(item);
        SchedulingPoint.Interleave();
    }

    public bool TryDequeue([MaybeNullWhen(false)] out T item)
    {
        SchedulingPoint.Interleave();
        var isTaken = _items.TryDequeue(out item);
        SchedulingPoint.Interleave();
        return isTaken;
    }

    public void Clear() => _items.Clear();

    public IEnumerator<T> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
