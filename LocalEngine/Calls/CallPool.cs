using System.Runtime.CompilerServices;

namespace Shortline.LocalEngine;

/// <summary>Calls of one method to be used again: a short list per thread.</summary>
internal static class CallPool<TCall>
    where TCall : Call
{
    /// <summary>More than a thread has answered between two calls of its own are not kept.</summary>
    private const int Limit = 256;

    [ThreadStatic]
    private static Call? _head;

    [ThreadStatic]
    private static int _count;

    /// <summary>A used call, or null.</summary>
    public static TCall? Rent()
    {
        var call = _head;
        if (call is null)
        {
            return null;
        }

        _head = call.Next;
        call.Next = null;
        _count--;
        return Unsafe.As<TCall>(call);
    }

    /// <summary>Keeps a call that nobody knows any more.</summary>
    public static void Return(TCall call)
    {
        if (_count < Limit)
        {
            call.Next = _head;
            _head = call;
            _count++;
        }
    }
}
