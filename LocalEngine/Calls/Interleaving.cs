namespace Shortline.LocalEngine;

/// <summary>Which work may start while other work of the same activation awaits.</summary>
internal enum Interleaving
{
    /// <summary>None but what always interleaves.</summary>
    Never,

    /// <summary>Other read-only work.</summary>
    ReadOnly,

    /// <summary>Any.</summary>
    Always,
}
