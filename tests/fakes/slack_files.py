"""Files of a loopback Slack workspace: uploaded in three steps, known to messages a moment after the third.

docs.slack.dev/reference/methods/files.getUploadURLExternal and files.completeUploadExternal; messages show them by
docs.slack.dev/reference/block-kit/composition-objects/slack-file-object.
"""

from starlette.requests import Request
from starlette.responses import Response

from .loopback import Json, Reply
from .slack_state import File
from .slack_workspace import Refused, Workspace, decoded_if_text

IMAGES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif"}


class Files(Workspace):
    """Needs the scope `files:write`; `processing` is how long a file stays unknown to messages (seconds)."""

    def _scope(self) -> None:
        if "files:write" not in self.scopes:
            raise Refused("missing_scope")

    def _api_files_getUploadURLExternal(self, args: Json) -> Json:
        self._scope()
        length = int(args.get("length") or 0)
        if not args.get("filename") or length <= 0:
            raise Refused("invalid_arguments")
        file = File(id=self.next_id("F"), name=str(args["filename"]), length=length, alt=str(args.get("alt_txt") or ""))
        self.files[file.id] = file
        return {"upload_url": f"{self.base_url}/upload/{file.id}", "file_id": file.id}

    async def _serve_upload(self, request: Request) -> Response:
        file, body = self.files.get(request.path_params["file"]), await request.body()
        if request.headers.get("authorization"):
            self.violate("upload", "authorization", "the address is the permission; the token must not go along")

        def take() -> Reply:
            if file is None or len(body) != file.length:
                return Reply(status=400, body="wrong length", error="wrong_length")
            file.data = body
            return Reply(body=f"OK - {len(body)}")

        return await self.perform("upload", {"bytes": len(body)}, take)

    def _api_files_completeUploadExternal(self, args: Json) -> Json:
        self._scope()
        done = [self.files.get(str(one.get("id"))) for one in decoded_if_text(args.get("files")) or []]
        if not done:
            raise Refused("invalid_arguments")
        for file in done:
            if file is None or not file.data:
                raise Refused("file_not_found")
            file.known_at = self.clock() + self.processing
        return {"files": [{"id": file.id, "mimetype": "", "name": file.name} for file in done if file is not None]}

    def shows(self, where: str, blocks: list[Json]) -> None:
        """Refuses a message that shows a file Slack does not know (yet), as Slack does; what is no image is our mistake."""
        for number, block in enumerate(blocks):
            if block.get("type") != "image" or "slack_file" not in block:
                continue
            if block.get("image_url") or set(block["slack_file"]) != {"id"}:
                self.violate(where, f"blocks[{number}]", "either image_url or slack_file, by id or by url")
            file = self.files.get(str(block["slack_file"].get("id")))
            if file is None or file.known_at is None or file.known_at > self.clock():
                raise Refused("invalid_blocks", [f"[ERROR] invalid slack file [json-pointer:/blocks/{number}/slack_file]"])
            if not file.data.startswith(tuple(IMAGES)):
                self.violate(where, f"blocks[{number}].slack_file", "png, jpg and gif only")
