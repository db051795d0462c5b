using System.Reflection;

namespace Shortline.LocalEngine;

/// <summary>What travels of a type.</summary>
/// <param name="Id">Its number on the wire.</param>
/// <param name="Info">The property or field.</param>
/// <param name="Type">What it holds.</param>
internal sealed record Member(uint Id, MemberInfo Info, Type Type)
{
    /// <summary>Number and kind in one.</summary>
    public uint Tag => TagOf(Id, FormatFinder.KindOf(Type));

    public static uint TagOf(uint id, WireKind kind) => (id << 2) | (uint)kind;

    public static uint IdOf(uint tag) => tag >> 2;

    public static WireKind KindOf(uint tag) => (WireKind)(tag & 3);
}
