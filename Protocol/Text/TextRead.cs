namespace Shortline.Protocol;

/// <summary>What <see cref="TextCommandReader"/> found.</summary>
public enum TextRead
{
    /// <summary>Not all of a command is there yet.</summary>
    Incomplete,

    /// <summary>A command that ends where nothing could belong to it any more.</summary>
    Complete,

    /// <summary>A whole command, unless its argument goes on: nothing says where that ends but the end of the input, or its staying away.</summary>
    Open,

    /// <summary>No command begins like this.</summary>
    Unknown,
}
