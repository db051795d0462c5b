namespace Shortline.LocalEngine;

/// <summary>How many bytes a value takes, so that a reader can pass over one that it does not know.</summary>
internal enum WireKind : byte
{
    /// <summary>A number in as few bytes as it needs, seven bits a byte.</summary>
    VarInt = 0,

    /// <summary>Four bytes.</summary>
    Fixed32 = 1,

    /// <summary>Eight bytes.</summary>
    Fixed64 = 2,

    /// <summary>A number n, then n - 1 bytes; 0 is null.</summary>
    Bytes = 3,
}
