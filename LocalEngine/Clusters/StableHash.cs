using System.Runtime.InteropServices;

namespace Shortline.LocalEngine;

/// <summary>A hash that is the same in every process: FNV-1a, with the finalizer of MurmurHash3 so that all bits count.</summary>
internal static class StableHash
{
    public static ulong Of(params ReadOnlySpan<string> parts)
    {
        var hash = 14695981039346656037UL;
        foreach (var part in parts)
        {
            foreach (var unit in MemoryMarshal.AsBytes(part.AsSpan()))
            {
                hash = (hash ^ unit) * 1099511628211UL;
            }

            // So that "ab" and "c" differ from "a" and "bc".
            hash = (hash ^ 0xFF) * 1099511628211UL;
        }

        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCDUL;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53UL;
        return hash ^ (hash >> 33);
    }
}
