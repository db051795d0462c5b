using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Shortline.Grains.Handlers;
using Shortline.Hosting.Settings.Sections;
using Shortline.Protocol.Responses;
using Shortline.Unit.Tests.Grains.Files;
using Shortline.Unit.Tests.Grains.Servers;

namespace Shortline.Unit.Tests.Grains.Handlers;

public sealed class FileHandlerTests : IDisposable
{
    private readonly ServedFolder _folder = new();
    private readonly ServerUnderTest _server;

    public FileHandlerTests() => _server = new ServerUnderTest(new ServerSettings { FileRoot = _folder.Path });

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_chunks_together_are_the_file()
    {
        var content = RandomNumberGenerator.GetBytes(100_000);
        _folder.Write("doc.bin", content);
        var received = new List<byte>();
        while (true)
        {
            var chunk = Ok("file", $$"""{"name":"doc.bin","offset":{{received.Count}}}""");
            Assert.Equal(received.Count, chunk.GetProperty("offset").GetInt64());
            Assert.Equal(content.Length, chunk.GetProperty("size").GetInt64());
            Assert.Equal(File.GetLastWriteTimeUtc(_folder.PathOf("doc.bin")), chunk.GetProperty("modified").GetDateTime());
            var data = chunk.GetProperty("data").GetBytesFromBase64();
            Assert.Equal(data.Length, chunk.GetProperty("length").GetInt32());
            if (data.Length == 0)
                break;
            received.AddRange(data);
        }

        Assert.Equal(content, received);
    }

    [Theory]
    [InlineData(0, 3, "012")]
    [InlineData(7, 3, "789")]
    [InlineData(7, 100, "789")]
    [InlineData(10, 100, "")]
    [InlineData(11, 100, "")]
    [InlineData(0, 0, "")]
    [InlineData(long.MaxValue, int.MaxValue, "")]
    public void A_chunk_has_the_bytes_from_the_offset(long offset, int length, string expected)
    {
        _folder.Write("ten", "0123456789");
        var chunk = Ok("file", $$"""{"name":"ten","offset":{{offset}},"length":{{length}}}""");
        Assert.Equal(expected, Encoding.UTF8.GetString(chunk.GetProperty("data").GetBytesFromBase64()));
        Assert.Equal(10, chunk.GetProperty("size").GetInt64());
    }

    [Fact]
    public void The_largest_chunk_with_the_longest_name_fits_into_an_answer()
    {
        var name = string.Join('/', Enumerable.Repeat(new string('ä', 112), 9)); // A part of a path has at most 255 bytes.
        _folder.Write(name, new byte[100_000]);
        var answer = _server.Run("file", JsonSerializer.Serialize(new { name, length = int.MaxValue }));
        Assert.True(answer.Status == ResponseStatus.Ok, answer.Body);
        Assert.Equal(FileHandler.MaxLength, JsonDocument.Parse(answer.Body).RootElement.GetProperty("length").GetInt32());
    }

    [Fact]
    public void The_checksum_is_that_of_the_whole_file()
    {
        var content = RandomNumberGenerator.GetBytes(1_000_000);
        _folder.Write("doc.bin", content);
        var result = Ok("file", """{"name":"doc.bin","checksum":"sha256"}""");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), result.GetProperty("sha256").GetString());
        Assert.Equal(content.Length, result.GetProperty("size").GetInt64());
    }

    [Fact]
    public void A_checksum_is_kept_until_the_file_changes()
    {
        var path = _folder.Write("doc.txt", "one");
        var time = File.GetLastWriteTimeUtc(path);
        var first = Checksum("doc.txt");

        _folder.Write("doc.txt", "two");
        File.SetLastWriteTimeUtc(path, time);
        Assert.Equal(first, Checksum("doc.txt")); // Size and time have not changed, so the file was not read again.

        File.SetLastWriteTimeUtc(path, time.AddSeconds(1));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("two"u8)), Checksum("doc.txt"));
    }

    [Fact]
    public void A_checksum_stops_at_the_deadline()
    {
        using (var sparse = File.Create(_folder.PathOf("huge")))
            sparse.SetLength(1L << 40);
        _server.Submit(new TestRequest(1, "file", """{"name":"huge","checksum":"sha256"}""", TimeLeftMs: 50));
        _server.Advance(50);
        Assert.Equal(ResponseStatus.Expired, _server.StatusOf(1));
        ServerUnderTest.Until(
            () =>
            {
                _server.Server.Collect();
                return _server.Server.InService == 0;
            },
            () => "the checksum stops");
    }

    [Theory]
    [InlineData("file", "", "'file' needs a payload")]
    [InlineData("file", "{}", "'name' is missing: give the name of a file or directory, such as \"notes/today.txt\"")]
    [InlineData("file", """{"name":"x"}""", "there is no file 'x'")]
    [InlineData("file", """{"name":"../secret.txt"}""", "'name' is not allowed, none of its parts may be empty, '.' or '..': '../secret.txt'")]
    [InlineData("file", """{"name":"x","offset":-1}""", "'offset' must be a whole number, at least 0")]
    [InlineData("file", """{"name":"x","offset":1e99}""", "the payload of 'file' is wrong at $.offset")]
    [InlineData("file", """{"name":"x","length":-1}""", "'length' must be a whole number, at least 0; more than 43008 bytes are not sent at once")]
    [InlineData("file", """{"name":"x","checksum":"md5"}""", "'checksum' must be sha256")]
    [InlineData("file", """{"name":5}""", "the payload of 'file' is wrong at $.name")]
    [InlineData("directory", """{"name":"x"}""", "there is no directory 'x'")]
    [InlineData("directory", """{"name":".."}""", "'name' is not allowed, none of its parts may be empty, '.' or '..': '..'")]
    [InlineData("directory", "[]", "the payload of 'directory' is wrong at $")]
    public void A_request_that_cannot_be_served_is_invalid(string operation, string payload, string text)
    {
        var answer = _server.Run(operation, payload);
        Assert.Equal((ResponseStatus.Invalid, text), (answer.Status, answer.Body));
    }

    [Theory]
    [InlineData("directory", "")]
    [InlineData("file", """{"name":"a"}""")]
    public void Without_a_root_both_operations_are_invalid(string operation, string payload)
    {
        var answer = new ServerUnderTest().Run(operation, payload);
        Assert.Equal(
            (ResponseStatus.Invalid, "no files are served here: set server.file_root to the folder to serve"), (answer.Status, answer.Body));
    }

    private JsonElement Ok(string operation, string payload)
    {
        var answer = _server.Run(operation, payload, timeLeftMs: 60_000);
        Assert.True(answer.Status == ResponseStatus.Ok, answer.Body);
        return JsonDocument.Parse(answer.Body).RootElement;
    }

    private string? Checksum(string name) => Ok("file", $$"""{"name":"{{name}}","checksum":"sha256"}""").GetProperty("sha256").GetString();
}
