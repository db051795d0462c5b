namespace Shortline.Protocol;

/// <summary>What a command of the text protocol asks for.</summary>
public enum TextCommandKind
{
    /// <summary>No command.</summary>
    None,

    /// <summary><c>req_sv_loc</c>: where a server is. For gateways.</summary>
    Locate,

    /// <summary><c>JOIN%host:port</c>: a server is there and takes connections. For gateways.</summary>
    Join,

    /// <summary><c>DEAD%host:port</c>: that server takes no more. For gateways.</summary>
    Dead,

    /// <summary><c>test_response_time</c>: whether the server is alive. For servers.</summary>
    TestResponseTime,

    /// <summary><c>req_dir</c>: what files there are. For servers.</summary>
    Directory,

    /// <summary><c>req_file%name</c>: a file. For servers.</summary>
    File,

    /// <summary><c>req_comp%seconds</c>: keeps the server busy. For servers.</summary>
    Compute,
}
