namespace Shortline.Client;

/// <summary>A file or directory could not be had. The message says why, in words for the user.</summary>
public sealed class FileTransferException : Exception
{
    /// <summary>Makes it.</summary>
    public FileTransferException()
        : this("The file could not be had.")
    {
    }

    /// <summary>Makes it with what the user is told.</summary>
    public FileTransferException(string message)
        : base(message)
    {
    }

    /// <summary>Makes it with what the user is told, and its cause.</summary>
    public FileTransferException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
