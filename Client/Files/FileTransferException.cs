namespace Shortline.Client.Files;

/// <summary>A file could not be downloaded or a directory could not be listed. The message explains it to the user.</summary>
public sealed class FileTransferException : Exception
{
    /// <summary>Creates the exception with a general message.</summary>
    public FileTransferException()
        : this("The file could not be downloaded.")
    {
    }

    /// <summary>Creates the exception with a message for the user.</summary>
    public FileTransferException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message for the user and its cause.</summary>
    public FileTransferException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
