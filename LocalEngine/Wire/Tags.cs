namespace Shortline.LocalEngine;

/// <summary>What stands before a member's value: which member it is and how many bytes it takes, see <see cref="Member.Tag"/>.</summary>
internal static class Tags
{
    public static uint Read(WireReader reader)
    {
        var tag = reader.ReadVarUInt();
        return tag <= uint.MaxValue ? (uint)tag : throw new WireFormatException("A tag is too large.");
    }

    /// <summary>Passes over a member that only the writer's version of the type has.</summary>
    public static void SkipMember(WireReader reader, uint tag, IReadOnlyList<Member> known)
    {
        foreach (var member in known)
        {
            ThrowIfOfOtherKind(tag, member);
        }

        Skip(reader, Member.KindOf(tag));
    }

    /// <summary>Passes over a value.</summary>
    public static void Skip(WireReader reader, WireKind kind)
    {
        switch (kind)
        {
            case WireKind.VarInt:
                reader.ReadVarUInt();
                break;
            case WireKind.Bytes:
                reader.TryReadBlock(out _);
                break;
            default:
                reader.ReadBytes(kind == WireKind.Fixed32 ? sizeof(uint) : sizeof(ulong));
                break;
        }
    }

    public static void ThrowIfOfOtherKind(uint tag, Member member)
    {
        if (member.Id == Member.IdOf(tag) && member.Tag != tag)
        {
            throw new WireFormatException($"{member.Info.DeclaringType}.{member.Info.Name} came as {Member.KindOf(tag)}.");
        }
    }
}
