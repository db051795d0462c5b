using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Shortline.LocalEngine;

/// <summary>
/// The first words on a connection: who opens it says what it speaks, the token of the silo it wants, which only those know who may read
/// the cluster's folder, and the name of its process; the silo answers with its own name.
/// </summary>
internal static class Handshake
{
    private const string Protocol = "shortline-1";

    /// <summary>Who is not one of ours makes nobody keep more than this for it.</summary>
    private const int MostBytes = 1024;

    private const int LimitMs = 5000;

    /// <returns>The other side's name.</returns>
    public static string Open(Socket socket, string token, string identity)
    {
        socket.ReceiveTimeout = LimitMs;
        Write(socket, [Protocol, token, identity]);
        return Read(socket, 2)[1];
    }

    /// <inheritdoc cref="Open"/>
    /// <exception cref="WireFormatException">The other side may not, or speaks something else.</exception>
    public static string Accept(Socket socket, string token, string identity)
    {
        socket.ReceiveTimeout = LimitMs;
        var words = Read(socket, 3);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(words[1]), Encoding.UTF8.GetBytes(token)))
        {
            throw new WireFormatException("It does not know this silo's token.");
        }

        Write(socket, [Protocol, identity]);
        return words[2];
    }

    private static void Write(Socket socket, string[] words)
    {
        var writer = new WireWriter();
        writer.Reserve(sizeof(int));
        Array.ForEach(words, writer.WriteText);
        BinaryPrimitives.WriteInt32LittleEndian(writer.At(0, sizeof(int)), writer.Length - sizeof(int));
        socket.Send(writer.Written);
    }

    private static string[] Read(Socket socket, int count)
    {
        Span<byte> head = stackalloc byte[sizeof(int)];
        ReadExactly(socket, head);
        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length is < 0 or > MostBytes)
        {
            throw new WireFormatException("It speaks something else.");
        }

        var bytes = new byte[length];
        ReadExactly(socket, bytes);
        var reader = new WireReader();
        reader.Reset(bytes);
        var words = new string[count];
        for (var index = 0; index < count; index++)
        {
            words[index] = reader.ReadText() ?? "";
        }

        return words[0] == Protocol ? words : throw new WireFormatException($"It speaks '{words[0]}', not {Protocol}.");
    }

    private static void ReadExactly(Socket socket, Span<byte> bytes)
    {
        for (var filled = 0; filled < bytes.Length;)
        {
            var count = socket.Receive(bytes[filled..]);
            filled += count > 0 ? count : throw new WireFormatException("It hung up.");
        }
    }
}
